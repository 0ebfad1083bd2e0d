using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Testing.Fleet;

/// <summary>
/// Any number of clients: reads that compare every byte as it comes, and writes. As many connections as there are requests at once, so that nothing queues here;
/// a failed request is never sent again. Thread-safe.
/// </summary>
public sealed class FleetClient(TimeProvider timeProvider) : IDisposable
{
    /// <summary>Names the version of an object among its own metadata.</summary>
    public const string VersionHeader = "x-amz-meta-version";

    private const int BufferBytes = 64 * 1024;

    private readonly ConcurrentDictionary<(HttpMethod Method, Uri Endpoint, string Bucket, string Key), Uri> _uris = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue, UseProxy = false, AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromMinutes(3),
    };

    /// <summary>Reads a whole object.</summary>
    public Task<FleetRead> ReadAsync(Uri endpoint, string bucket, string key, SyntheticContent content, CancellationToken cancellationToken = default) =>
        ReadAsync(endpoint, bucket, key, range: null, _ => content, cancellationToken);

    /// <summary>Reads a whole object, and calls <paramref name="opened"/> once: when the headers are there, or when they will never be.</summary>
    public async Task<FleetRead> ReadAsync(Uri endpoint, string bucket, string key, SyntheticContent content, Action opened, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(opened);
        bool isOpened = false;
        FleetRead read = await ReadAsync(endpoint, bucket, key, range: null, _ => Opened(), cancellationToken);
        if (!isOpened)
        {
            opened();
        }

        return read;

        SyntheticContent Opened()
        {
            isOpened = true;
            opened();
            return content;
        }
    }

    /// <summary>Reads <paramref name="length"/> bytes from <paramref name="offset"/> on.</summary>
    public Task<FleetRead> ReadRangeAsync(
        Uri endpoint, string bucket, string key, SyntheticContent content, long offset, long length, CancellationToken cancellationToken = default) =>
        ReadAsync(endpoint, bucket, key, new RangeHeaderValue(offset, offset + length - 1), _ => content, cancellationToken);

    /// <summary>Reads a whole object that is what the version it names itself makes of it.</summary>
    public Task<FleetRead> ReadVersionAsync(
        Uri endpoint, string bucket, string key, Func<long, SyntheticContent> contentOf, CancellationToken cancellationToken = default) =>
        ReadAsync(endpoint, bucket, key, range: null, version => version is { } number ? contentOf(number) : null, cancellationToken);

    /// <summary>Asks for an object's headers and gives the status.</summary>
    public async Task<int> HeadAsync(Uri endpoint, string bucket, string key, CancellationToken cancellationToken = default)
    {
        using HttpRequestMessage request = new(HttpMethod.Head, UriOf(HttpMethod.Head, endpoint, bucket, key));
        using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
        return (int)response.StatusCode;
    }

    /// <summary>Puts a version of an object.</summary>
    public async Task<FleetWrite> PutAsync(Uri endpoint, string bucket, string key, SyntheticContent content, long version, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        byte[] bytes = new byte[content.Length];
        content.Fill(0, bytes);
        string number = version.ToString(CultureInfo.InvariantCulture);
        Uri uri = PresignedUri.Create(HttpMethod.Put, endpoint, bucket, key, timeProvider.GetUtcNow(), (VersionHeader, number));
        using HttpRequestMessage request = new(HttpMethod.Put, uri) { Content = new ByteArrayContent(bytes) };
        request.Headers.Add(VersionHeader, number);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            string answer = await response.Content.ReadAsStringAsync(cancellationToken);
            return new FleetWrite(response.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}: {answer}"));
        }
        catch (HttpRequestException failure)
        {
            return new FleetWrite(failure.Message);
        }
    }

    /// <summary>What a replica tells of itself.</summary>
    public async Task<MetricSamples> ScrapeAsync(FleetReplica replica, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(replica);
        return MetricSamples.Parse(await _http.GetStringAsync(new Uri(replica.Admin, "/metrics"), cancellationToken));
    }

    /// <summary>Sends a JSON document to a replica's admin port and gives status and answer.</summary>
    public async Task<(int Status, string Answer)> PostAsync(FleetReplica replica, string path, string json, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(replica);
        using StringContent content = new(json, MediaTypeHeaderValue.Parse("application/json"));
        using HttpResponseMessage response = await _http.PostAsync(new Uri(replica.Admin, path), content, cancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public void Dispose() => _http.Dispose();

    private async Task<FleetRead> ReadAsync(
        Uri endpoint, string bucket, string key, RangeHeaderValue? range, Func<long?, SyntheticContent?> contentOf, CancellationToken cancellationToken)
    {
        long started = timeProvider.GetTimestamp();
        FleetRead read = new();
        IntegrityStream? sink = null;
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, UriOf(HttpMethod.Get, endpoint, bucket, key));
            request.Headers.Range = range;
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            read = Describe(response) with { FirstByte = timeProvider.GetElapsedTime(started) };
            if (read.Status != (range is null ? 200 : 206) || contentOf(read.Version) is not { } content)
            {
                string answer = await response.Content.ReadAsStringAsync(cancellationToken);
                return read with { Failure = string.Create(CultureInfo.InvariantCulture, $"status {read.Status}, version {read.Version}: {answer}") };
            }

            sink = SinkOf(content, range);
            await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
            read = read with { FirstByte = await DrainAsync(body, sink, started, cancellationToken), Body = sink.Result };
            return read.Body.IsExact ? read : read with { Failure = read.Body.ToString() };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return read with { Body = sink?.Result ?? default, Failure = $"{failure.Message} ({sink?.Result.ToString() ?? "no headers"})" };
        }
    }

    private static FleetRead Describe(HttpResponseMessage response) => new()
    {
        Status = (int)response.StatusCode,
        Cache = response.Headers.TryGetValues("x-cache", out IEnumerable<string>? outcomes) ? string.Join(',', outcomes) : "",
        Version = response.Headers.TryGetValues(VersionHeader, out IEnumerable<string>? versions)
            && long.TryParse(string.Join(',', versions), NumberStyles.None, CultureInfo.InvariantCulture, out long version) ? version : null,
    };

    private static IntegrityStream SinkOf(SyntheticContent content, RangeHeaderValue? range)
    {
        if (range?.Ranges.First() is not { } bounds)
        {
            return new IntegrityStream(content, 0, content.Length);
        }

        long first = bounds.From!.Value;
        return new IntegrityStream(content, first, bounds.To!.Value - first + 1);
    }

    /// <summary>Reads to the end; gives how long after <paramref name="started"/> the first byte came.</summary>
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

    private Uri UriOf(HttpMethod method, Uri endpoint, string bucket, string key) =>
        _uris.GetOrAdd((method, endpoint, bucket, key), static (wanted, now) => PresignedUri.Create(wanted.Method, wanted.Endpoint, wanted.Bucket, wanted.Key, now), timeProvider.GetUtcNow());
}
