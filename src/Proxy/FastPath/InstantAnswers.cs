using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using S3Proxy.Transport;

namespace S3Proxy.FastPath;

/// <summary>Answers requests at once from the bytes that a connection has received, without the server (docs/decisions/0028).</summary>
/// <remarks>Thread-safe; one for a port.</remarks>
/// <param name="pipeline">The stages.</param>
/// <param name="timeProvider">For dates, and for <see cref="ServersTurn"/>.</param>
/// <param name="limits">What the server bounds its connections by.</param>
/// <param name="logger">For what went wrong.</param>
internal sealed partial class InstantAnswers(IInstantPipeline pipeline, TimeProvider timeProvider, KestrelServerLimits limits, ILogger logger)
{
    /// <summary>Larger bodies gain nothing: what the server costs is little beside them. What a client does not take at once of such a body is copied, so this bounds what a slow one holds.</summary>
    public const int MostBodyBytes = 64 * 1024;

    private const int TurnsOfTimeout = 16;

    /// <summary>Timers take no longer time (<see cref="ITimer"/>); it is seven weeks.</summary>
    private const double LongestTimerSeconds = (uint.MaxValue - 1) / 1000.0;

    /// <summary>A body that is copied behind its head instead of being given to the socket from where it lies.</summary>
    private const int CopiedBytes = 4 * 1024;

    private readonly Exchanges _exchanges = new(timeProvider);

    /// <summary>False while the server has to answer everything.</summary>
    public bool MayAnswer => pipeline.MayAnswer;

    /// <summary>How long a connection's requests are answered here before the server is given one: a small part of the time after which it closes a connection that it has not heard of.</summary>
    public TimeSpan ServersTurn { get; } = limits.KeepAliveTimeout / TurnsOfTimeout;

    /// <summary>The clock of <see cref="ServersTurn"/>.</summary>
    public TimeProvider TimeProvider => timeProvider;

    /// <summary>How long a client may take for an answer, by the server's minimum data rate, as the server counts it; infinite without one.</summary>
    /// <param name="bytes">Bytes of the whole answer: what the socket has taken of it the client has not.</param>
    public TimeSpan TimeFor(int bytes)
    {
        if (limits.MinResponseDataRate is not { } rate)
        {
            return Timeout.InfiniteTimeSpan;
        }

        double seconds = Math.Max(rate.GracePeriod.TotalSeconds, bytes / rate.BytesPerSecond);
        return seconds < LongestTimerSeconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
    }

    /// <summary>Reads a request, and hands its answer to <paramref name="output"/> if there is one.</summary>
    /// <param name="bytes">What the client has sent, from the beginning of a request.</param>
    /// <param name="remote">The client's address.</param>
    /// <param name="output">Where the answer goes, with nothing unsent; null when the server is to answer.</param>
    /// <param name="headBytes">Length of the request, for <see cref="HeadVerdict.Plain"/>.</param>
    /// <param name="sending">Ends when the client's socket has taken the answer; null when the server has to answer.</param>
    public HeadVerdict TryAnswer(ReadOnlySpan<byte> bytes, IPAddress? remote, DirectPipeWriter? output, out int headBytes, out ValueTask<FlushResult>? sending)
    {
        sending = null;
        Exchange exchange = _exchanges.Rent();
        try
        {
            HeadVerdict verdict = exchange.Read(bytes, out headBytes);
            if (verdict == HeadVerdict.Plain && output is not null)
            {
                exchange.RemoteIpAddress = remote;
                sending = TryAnswer(exchange, output);
            }

            return verdict;
        }
        finally
        {
            exchange.Body.Dispose();
            _exchanges.Return(exchange);
        }
    }

    private ValueTask<FlushResult>? TryAnswer(Exchange exchange, DirectPipeWriter output)
    {
        InstantAnswer answer;
        BytePieces body;
        int headBytes;
        try
        {
            if (!pipeline.TryAnswer(exchange.Http, exchange.Body, out answer) || !exchange.TryWriteHead(out headBytes))
            {
                return null;
            }

            body = answer.BodyBytes > 0 ? BytePieces.At(exchange.Body, answer.BodyBytes) : default;
        }
#pragma warning disable CA1031 // Nothing has been sent: the request takes the whole way, which tells the client.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogFailed(logger, bug);
            return null;
        }

        if (body.Bytes != answer.BodyBytes)
        {
            return null;
        }

        // From here on the server hears nothing of this request.
        ValueTask<FlushResult> sending = SendAsync(exchange.Room, headBytes, body, output);
        End(exchange.Http, answer, output.IsOver);
        return sending;
    }

    private void End(HttpContext http, in InstantAnswer answer, bool isOver)
    {
        try
        {
            pipeline.End(http, answer, isOver ? 0 : answer.BodyBytes);
        }
#pragma warning disable CA1031 // The answer is right, and on its way: it must not be cut because it could not be counted.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            LogNotCounted(logger, bug);
        }
    }

    private static ValueTask<FlushResult> SendAsync(Span<byte> room, int headBytes, in BytePieces body, DirectPipeWriter output)
    {
        if (body.Bytes > Math.Min(CopiedBytes, room.Length - headBytes))
        {
            return output.SendAsync(room[..headBytes], body.All);
        }

        int bytes = headBytes;
        foreach (ReadOnlyMemory<byte> piece in body.All)
        {
            piece.Span.CopyTo(room[bytes..]);
            bytes += piece.Length;
        }

        return output.SendAsync(room[..bytes], []);
    }

    [LoggerMessage(2921, LogLevel.Error, "An answer was sent and could not be counted.")]
    private static partial void LogNotCounted(ILogger logger, Exception bug);

    [LoggerMessage(2920, LogLevel.Error, "A request could not be answered at once; it takes the whole way.")]
    private static partial void LogFailed(ILogger logger, Exception bug);
}
