using System.Buffers;
using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.Telemetry;

namespace S3Proxy.Responding;

/// <summary>
/// Passes an answer that may not be shared on to the one reader that took it (requirement F8), so that it costs the origin nothing more: headers end to end, the
/// body as it comes, and never a clean end where the origin's was not.
/// </summary>
/// <remarks>Stateless but for its services.</remarks>
internal sealed class AnswerRelay(FetchServices services, ProxyMetrics metrics)
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>True when a 200 with the whole object, asked for without conditions, is the answer to this read.</summary>
    public static bool Suits(ReadContext read) => !read.IsHead && read.Range is null && read.Conditions.IsUnconditional && read.Overrides.Count == 0;

    /// <summary>Sends the answer, and disposes it.</summary>
    /// <exception cref="FetchException">The origin broke off; the response must not be ended as if it were whole.</exception>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async Task SendAsync(ReadContext read, OriginAnswer answer, CancellationToken aborted)
    {
        using OriginAnswer owned = answer;
        HttpResponse response = read.Http.Response;
        response.StatusCode = answer.Status;
        foreach (HeaderField field in MetadataReader.EndToEnd(answer))
        {
            if (read.WantsChecksums || !MetadataReader.IsChecksum(field.Name))
            {
                response.Headers[field.Name] = field.Value;
            }
        }

        long? length = AnswerCheck.ContentLength(answer);
        response.ContentLength = length;
        ObjectHeaders.WriteRequestId(response);
        read.Answer(CacheOutcome.Bypass, services.TimeProvider.GetElapsedTime(read.ReceivedAt));
        CacheHeaders.Write(response, CacheOutcome.Bypass);
        if (read.TryTakeFirstByte(out TimeSpan firstByte))
        {
            metrics.FirstByte(read.Request.Operation, CacheOutcome.Bypass, read.Tier, firstByte);
        }

        long sent = await CopyAsync(answer, response, length, read.Target.Bucket.Origin.Timeouts.NoProgress, aborted);
        if (length is { } promised && sent != promised)
        {
            throw new FetchException(FetchFailure.Broken, $"The origin's answer for {read.Target.Id} ended after {sent} of {promised} bytes.");
        }

        metrics.Served(read.Request.Operation, CacheOutcome.Bypass, sent);
        if (read.Observation is { } observation)
        {
            observation.BodyBytes = sent;
        }
    }

    private async Task<long> CopyAsync(OriginAnswer answer, HttpResponse response, long? length, TimeSpan limit, CancellationToken aborted)
    {
        using CancellationTokenSource noProgress = new(Timeout.InfiniteTimeSpan, services.TimeProvider);
        using CancellationTokenSource bounded = CancellationTokenSource.CreateLinkedTokenSource(noProgress.Token, aborted);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            await response.StartAsync(aborted);
            long sent = 0;
            int read;
            while (sent != length && (read = await ReadAsync(answer, buffer, limit, noProgress, bounded.Token, aborted)) > 0)
            {
                await response.BodyWriter.WriteAsync(buffer.AsMemory(0, read), aborted);
                sent += read;
            }

            return sent;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<int> ReadAsync(OriginAnswer answer, byte[] buffer, TimeSpan limit, CancellationTokenSource noProgress, CancellationToken bounded, CancellationToken aborted)
    {
        noProgress.CancelAfter(limit);
        try
        {
            int read = await answer.Body.ReadAsync(buffer, bounded);
            noProgress.CancelAfter(Timeout.InfiniteTimeSpan);
            return read;
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            services.Origin.ReportBroken(answer);
            throw new FetchException(FetchFailure.TimedOut, $"The origin sent nothing for {limit}.");
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            services.Origin.ReportBroken(answer);
            throw new FetchException(FetchFailure.Broken, "The origin's answer broke off.", error);
        }
    }
}
