using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using S3Proxy.Testing.Origin.Protocol;

namespace S3Proxy.Testing.Origin.Server;

/// <summary>Sends a response, with whatever its faults do to it. Bodies are written straight into the connection's buffers. Thread-safe.</summary>
internal sealed class ResponseWriter(OriginTraffic traffic, OriginPace pace, TimeProvider timeProvider)
{
    /// <summary>Large enough that the cost of a system call does not matter, small enough to stay in the processor's cache.</summary>
    private const int WriteBytes = 128 * 1024;

    /// <summary>Throttled bodies leave in pieces of a twentieth of a second's bytes.</summary>
    private const int PiecesPerSecond = 20;

    public async Task<OriginRequestOutcome> WriteAsync(OriginCall call, OriginResponse response, HttpContext http)
    {
        FaultEffects faults = call.Faults;
        CancellationToken aborted = http.RequestAborted;
        if (faults.HoldBeforeHeaders is { } headerGate)
        {
            await headerGate.PassAsync(aborted);
        }

        await DelayAsync(pace.FirstByteDelay + faults.FirstByteDelay, aborted);
        if (faults.CutBeforeHeaders)
        {
            return await CutAsync(http, faults.CutKind);
        }

        WriteHeaders(call, response, http.Response);
        call.Record.Status = response.Status;
        if (call.IsHead || response.Content is null)
        {
            return OriginRequestOutcome.Completed;
        }

        if (faults.HoldBeforeBody is { } bodyGate)
        {
            await http.Response.StartAsync(aborted);
            await http.Response.BodyWriter.FlushAsync(aborted);
            await bodyGate.PassAsync(aborted);
        }

        return await WriteBodyAsync(call, response, http);
    }

    /// <summary>Ends the connection; what was flushed before reaches the client.</summary>
    public static async Task<OriginRequestOutcome> CutAsync(HttpContext http, CutKind kind)
    {
        Socket socket = http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
        if (kind == CutKind.Reset)
        {
            await SocketDrain.WaitAsync(socket, http.RequestAborted);
            http.Abort();
        }
        else if (!http.Response.HasStarted)
        {
            // There is no response to come short of, so the end of stream is sent by hand, and the client closes its side.
            socket.Shutdown(SocketShutdown.Send);
            TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            using CancellationTokenRegistration registration = http.RequestAborted.Register(closed.SetResult);
            await closed.Task;
        }

        // Otherwise Kestrel closes in good order, because a started response came short of its length.
        return OriginRequestOutcome.Cut;
    }

    private async ValueTask DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, timeProvider, cancellationToken);
        }
    }

    private static void WriteHeaders(OriginCall call, OriginResponse response, HttpResponse target)
    {
        FaultEffects faults = call.Faults;
        target.StatusCode = response.Status;
        IHeaderDictionary headers = target.Headers;
        headers["Server"] = "EmbeddedOrigin";
        headers["x-amz-request-id"] = call.RequestId;
        headers["x-amz-id-2"] = call.RequestId;
        foreach ((string name, string value) in response.Headers)
        {
            headers[name] = value;
        }

        if (faults.WeakETag && headers.ETag.Count > 0)
        {
            headers.ETag = "W/" + headers.ETag;
        }

        Replace(headers, "ETag", faults.ETag);
        Replace(headers, "Content-Range", faults.ContentRange);
        foreach ((string name, string value) in faults.Headers)
        {
            headers[name] = value;
        }

        bool lengthKnown = response.Status is not (204 or 304) && !faults.OmitContentLength && faults.EndAfterBodyBytes is null;
        if (lengthKnown && !faults.Headers.ContainsKey("Content-Length"))
        {
            headers.ContentLength = response.BodyBytes;
        }
    }

    private static void Replace(IHeaderDictionary headers, string name, string? value)
    {
        if (value is { Length: 0 })
        {
            headers.Remove(name);
        }
        else if (value is not null)
        {
            headers[name] = value;
        }
    }

    private async Task<OriginRequestOutcome> WriteBodyAsync(OriginCall call, OriginResponse response, HttpContext http)
    {
        FaultEffects faults = call.Faults;
        CancellationToken aborted = http.RequestAborted;
        PipeWriter output = http.Response.BodyWriter;
        ConnectionThrottle? throttle = null;
        long end = Math.Min(response.BodyBytes, Math.Min(faults.CutAfterBodyBytes ?? long.MaxValue, faults.EndAfterBodyBytes ?? long.MaxValue));
        long sent = 0;
        while (true)
        {
            if (faults.HoldInBody is { } hold && hold.AfterBytes == sent && sent < response.BodyBytes)
            {
                await StartAsync(http, aborted);
                await hold.Gate.PassAsync(aborted);
            }

            if (sent == end)
            {
                break;
            }

            int count = (int)Math.Min(end - sent, WriteBytes);
            if (faults.HoldInBody is { } ahead && ahead.AfterBytes > sent)
            {
                count = (int)Math.Min(count, ahead.AfterBytes - sent);
            }

            if ((faults.BytesPerSecond ?? pace.BytesPerSecond) is { } rate)
            {
                await StartAsync(http, aborted);
                throttle ??= ConnectionThrottle.Of(http, timeProvider);
                count = (int)Math.Min(count, Math.Max(1, rate / PiecesPerSecond));
                await throttle.PayAsync(count, rate, aborted);
            }

            Compose(response, sent, faults.CorruptByteAt, output.GetMemory(count).Span[..count]);
            output.Advance(count);
            await output.FlushAsync(aborted);
            aborted.ThrowIfCancellationRequested();
            sent += count;
            traffic.AddBodyBytes(call.Record, count);
        }

        if (faults.CutAfterBodyBytes is { } cutAt && cutAt <= sent && cutAt < response.BodyBytes)
        {
            await StartAsync(http, aborted);
            return await CutAsync(http, faults.CutKind);
        }

        return sent < response.BodyBytes ? OriginRequestOutcome.Cut : OriginRequestOutcome.Completed;
    }

    /// <summary>Sends the headers if they were not sent yet.</summary>
    private static async ValueTask StartAsync(HttpContext http, CancellationToken aborted)
    {
        if (!http.Response.HasStarted)
        {
            await http.Response.StartAsync(aborted);
            await http.Response.BodyWriter.FlushAsync(aborted);
        }
    }

    private static void Compose(OriginResponse response, long position, long? corruptAt, Span<byte> destination)
    {
        response.Content!.Read(response.BodyStart + position, destination);
        if (corruptAt is { } at && at >= position && at < position + destination.Length)
        {
            destination[(int)(at - position)] ^= 0xFF;
        }
    }
}
