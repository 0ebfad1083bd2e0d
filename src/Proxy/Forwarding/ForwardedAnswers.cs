using System.Net;
using Microsoft.AspNetCore.Http.Features;
using S3Proxy.Forwarding.Bodies;
using S3Proxy.Forwarding.Forms;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Pipeline;
using S3Proxy.Protocol;
using S3Proxy.Responding;
using S3Proxy.Telemetry;
using S3Proxy.Transport;
using Yarp.ReverseProxy.Transforms;

namespace S3Proxy.Forwarding;

/// <summary>
/// What happens to an origin's answer on its way to the client: a write is made true before the client can hear of it, names are mapped back, and the rest
/// streams as it is.
/// </summary>
internal sealed class ForwardedAnswers(ProxyMetrics metrics, TimeProvider timeProvider, ILogger<ForwardedAnswers> logger)
{
    /// <summary>
    /// Bound on a result document that is held until the write is made true, in bytes: 1,000 keys of 1,024 bytes, each escaped to six, and what is told of them.
    /// </summary>
    private const int MaxResultBytes = 8 * 1024 * 1024;

    /// <summary>Bound on the wait for a result document. An origin that keeps the connection alive may work on a large copy for minutes.</summary>
    private static readonly TimeSpan ResultLimit = TimeSpan.FromMinutes(30);

    /// <summary>The response transform: headers are copied, nothing has been sent.</summary>
    public async ValueTask ReceiveAsync(ResponseTransformContext context)
    {
        await PoolThread.Switch();
        HttpContext http = context.HttpContext;
        ProxyRequest request = http.Features.GetRequiredFeature<ProxyRequest>();
        if (context.ProxyResponse is not { } answer)
        {
            return;
        }

        request.Read?.Turn?.Dispose();
        int status = (int)answer.StatusCode;
        request.IsAnswered = true;
        request.Exchange?.Answered(status);
        request.Observation?.Trail?.Add("answer", ("outcome", CacheOutcome.Bypass.ToWire()), ("status", status));
        metrics.FirstByte(request.S3.Operation, CacheOutcome.Bypass, AnswerTier.Origin, timeProvider.GetElapsedTime(request.ReceivedAt));
        metrics.OriginAnswered(request.Origin.Name, answer.RequestMessage!.Method, status);
        if (request.S3.Operation is S3Operation.GetObject or S3Operation.HeadObject)
        {
            CacheHeaders.Write(http.Response, CacheOutcome.Bypass);
            metrics.Served(request.S3.Operation, CacheOutcome.Bypass, 0);
        }

        bool hasBody = !HttpMethods.IsHead(request.S3.Method) && status is not (204 or 304);
        if (hasBody && request.Route is { RenamesKeys: true } && ResponseXmlMapping.AppliesTo(request.S3.Operation, status))
        {
            context.SuppressResponseBody = true;
            using CancellationTokenSource limit = LimitFor(http);
            await MapAsync(http, request, answer, limit.Token);
        }
        else if (hasBody && status == StatusCodes.Status200OK && request.Write is not null && MultipartResultStatus.AppliesTo(request.S3.Operation))
        {
            context.SuppressResponseBody = true;
            using CancellationTokenSource limit = LimitFor(http);
            await HoldResultAsync(http, request, answer, limit.Token);
        }
        else if (status < StatusCodes.Status500InternalServerError)
        {
            await (request.Write?.AnsweredAsync(status) ?? ValueTask.CompletedTask);
            if (status == StatusCodes.Status200OK && request.Form is { } form && !request.Identity.IsJudgedByOrigin)
            {
                context.SuppressResponseBody = true;
                await FormAnswer.WriteAsync(http, form, http.RequestAborted);
            }
        }
    }

    /// <summary>The client's token with our own bound: the transform's ends with YARP's time-out for one exchange, which is too short for a result.</summary>
    private static CancellationTokenSource LimitFor(HttpContext http)
    {
        CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(ResultLimit);
        return limit;
    }

    /// <summary>Passes on what keeps the connection alive, and holds the document until the write has been made true: only it tells success.</summary>
    private static async Task HoldResultAsync(HttpContext http, ProxyRequest request, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using BodyBuffer held = new(MaxResultBytes);
        MultipartResultStatus status = new();
        int passed = 0;
        int seen = 0;
        while (await held.ReadOnceAsync(body, cancellationToken))
        {
            ResultVerdict verdict = status.Append(held.Span[seen..]);
            seen = held.Length;
            if (verdict == ResultVerdict.Undecided)
            {
                await http.Response.Body.WriteAsync(held.Memory[passed..], cancellationToken);
                await http.Response.Body.FlushAsync(cancellationToken);
                passed = held.Length;
            }
        }

        if (held.Overflowed)
        {
            throw new InvalidDataException($"The origin's result document is longer than {MaxResultBytes} bytes.");
        }

        // An error after a 200 is a 5xx in disguise: the origin may still commit.
        if (status.Complete() == ResultVerdict.Succeeded)
        {
            await request.Write!.AnsweredAsync();
        }

        await http.Response.Body.WriteAsync(held.Memory[passed..], cancellationToken);
    }

    private async Task MapAsync(HttpContext http, ProxyRequest request, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        http.Response.ContentLength = null;
        XmlMappingContext names = new() { Request = request.S3, Route = request.Route!, ClientEndpoint = $"{http.Request.Scheme}://{http.Request.Host}" };
        using XmlMappingResult mapped = await ResponseXmlMapping.MapAsync(body, names, keepAlive: http.Response.Body, cancellationToken);
        if (mapped.Failure is XmlMappingFailure.None or XmlMappingFailure.Empty)
        {
            bool isLateError = mapped.IsError && answer.StatusCode == HttpStatusCode.OK;
            if ((int)answer.StatusCode < 500 && !isLateError && !(mapped.Failure == XmlMappingFailure.Empty && MultipartResultStatus.AppliesTo(request.S3.Operation)))
            {
                await (request.Write?.AnsweredAsync((int)answer.StatusCode) ?? ValueTask.CompletedTask);
            }

            if (!mapped.KeepAliveSent)
            {
                http.Response.ContentLength = mapped.Body.Length;
            }

            await http.Response.Body.WriteAsync(mapped.Body, cancellationToken);
            return;
        }

        Log.AnswerNotMapped(logger, request.S3.Operation, mapped.Detail);
        http.Response.Clear();
        await S3ErrorWriter.WriteAsync(http, new S3Error(S3ErrorCode.InternalError, "The origin's answer could not be understood."), request.S3.Resource);
    }
}
