using System.Buffers;
using System.Net.Http.Headers;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Measuring;

/// <summary>
/// Reads objects over plain HTTP and compares every byte with what it should be. Thread-safe. As many connections as there are reads at once, so that
/// reads never queue here.
/// </summary>
internal sealed class ObjectClient(TimeProvider timeProvider) : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue, UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromMinutes(5),
    };

    /// <summary>Reads the whole object.</summary>
    public Task<ReadOutcome> ReadAsync(Uri uri, SyntheticContent content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        return ReadAsync(uri, content, range: null, cancellationToken);
    }

    /// <summary>Reads <paramref name="length"/> bytes from <paramref name="offset"/> on.</summary>
    public Task<ReadOutcome> ReadRangeAsync(Uri uri, SyntheticContent content, long offset, long length, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        return ReadAsync(uri, content, new RangeHeaderValue(offset, offset + length - 1), cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<ReadOutcome> ReadAsync(Uri uri, SyntheticContent content, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        long started = timeProvider.GetTimestamp();
        (long offset, long length) = Bounds(content, range);
        IntegrityStream sink = new(content, offset, length);
        string cache = "";
        TimeSpan firstByte = TimeSpan.Zero;
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, uri);
            request.Headers.Range = range;
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            cache = response.Headers.TryGetValues("x-cache", out IEnumerable<string>? values) ? string.Join(',', values) : "";
            if (RefusalOf(response, range) is { } refusal)
            {
                return new ReadOutcome { Cache = cache, FirstByte = timeProvider.GetElapsedTime(started), Bytes = 0, Failure = refusal };
            }

            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            firstByte = await DrainAsync(body, sink, started, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return Outcome(cache, firstByte, sink.Result, failure.Message);
        }

        return Outcome(cache, firstByte, sink.Result, failure: null);
    }

    /// <summary>Reads to the end; returns how long after <paramref name="started"/> the first byte came.</summary>
    private async Task<TimeSpan> DrainAsync(Stream body, IntegrityStream sink, long started, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int count = await body.ReadAsync(buffer, cancellationToken);
            TimeSpan firstByte = timeProvider.GetElapsedTime(started);
            while (count > 0)
            {
                sink.Write(buffer.AsSpan(0, count));
                count = await body.ReadAsync(buffer, cancellationToken);
            }

            return firstByte;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static (long Offset, long Length) Bounds(SyntheticContent content, RangeHeaderValue? range)
    {
        if (range?.Ranges.First() is not { } bounds)
        {
            return (0, content.Length);
        }

        long offset = bounds.From!.Value;
        return (offset, bounds.To!.Value - offset + 1);
    }

    private static string? RefusalOf(HttpResponseMessage response, RangeHeaderValue? range)
    {
        int expected = range is null ? 200 : 206;
        if ((int)response.StatusCode != expected)
        {
            return $"status {(int)response.StatusCode} where {expected} was expected";
        }

        return range is not null && response.Content.Headers.ContentRange?.From != range.Ranges.First().From
            ? $"Content-Range {response.Content.Headers.ContentRange} where {range} was asked for"
            : null;
    }

    private static ReadOutcome Outcome(string cache, TimeSpan firstByte, BodyCheckResult check, string? failure) => new()
    {
        Cache = cache,
        FirstByte = firstByte,
        Bytes = check.BytesSeen,
        IsWrong = !check.IsPrefix,
        Failure = failure ?? (check.IsExact ? null : check.ToString()),
    };
}
