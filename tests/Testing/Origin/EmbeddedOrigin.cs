using System.Globalization;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin.Handlers;
using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Server;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin;

/// <summary>
/// An S3 server inside the process, on 127.0.0.1, with its objects in memory: the origin of tests, load tests and the demo. It follows S3's semantics,
/// checks signatures by itself, counts what it is asked and can be told to misbehave. Thread-safe, but for starting and stopping.
/// </summary>
public sealed class EmbeddedOrigin : IAsyncDisposable
{
    private readonly OriginStore _store;
    private readonly OriginApplication _application;
    private readonly OriginPace _pace;
    private OriginListener? _listener;

    private EmbeddedOrigin(EmbeddedOriginOptions options)
    {
        Options = options;
        Traffic = new OriginTraffic(options.MaxRecordedRequests);
        _store = new OriginStore(options.TimeProvider, options.MaxVersionsPerKey);
        _pace = new OriginPace(options);
        ResponseWriter writer = new(Traffic, _pace, options.TimeProvider);
        OriginPipeline pipeline = new(options, Traffic, Faults, new OperationDispatcher(_store, options), writer);
        _application = new OriginApplication(pipeline, Traffic);
        foreach (string bucket in options.Buckets)
        {
            CreateBucket(bucket);
        }
    }

    public EmbeddedOriginOptions Options { get; }

    /// <summary>Where it listens, without a bucket. Stays the same over stopping and resuming.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1/");

    /// <summary>What was asked and sent.</summary>
    public OriginTraffic Traffic { get; }

    /// <summary>What goes wrong.</summary>
    public OriginFaults Faults { get; } = new();

    /// <summary>Wait before the headers of every response.</summary>
    public TimeSpan FirstByteDelay
    {
        get => _pace.FirstByteDelay;
        set => _pace.FirstByteDelay = value;
    }

    /// <summary>Body bytes per second and connection; null is unlimited.</summary>
    public long? BytesPerSecond
    {
        get => _pace.BytesPerSecond;
        set => _pace.BytesPerSecond = value;
    }

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<EmbeddedOrigin> StartAsync(EmbeddedOriginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        EmbeddedOrigin origin = new(options);
        origin._listener = await OriginListener.StartAsync(origin._application, options.Port);
        origin.Endpoint = new Uri($"http://127.0.0.1:{origin._listener.Port}/");
        return origin;
    }

    /// <summary>Closes every connection and refuses new ones. Objects, counters and faults stay.</summary>
    public async Task StopListeningAsync()
    {
        if (Interlocked.Exchange(ref _listener, null) is { } listener)
        {
            await listener.DisposeAsync();
        }
    }

    /// <summary>Listens again on the same port.</summary>
    /// <exception cref="IOException">The port was taken meanwhile.</exception>
    public async Task ResumeListeningAsync() => _listener ??= await OriginListener.StartAsync(_application, Endpoint.Port);

    public async ValueTask DisposeAsync() => await StopListeningAsync();

    /// <exception cref="ArgumentException">Not a bucket name, or the bucket exists.</exception>
    public void CreateBucket(string bucket, bool versioned = false)
    {
        if (!RequestTarget.IsBucketName(bucket) || !_store.CreateBucket(bucket, versioned))
        {
            throw new ArgumentException($"'{bucket}' is no bucket name or exists already.", nameof(bucket));
        }
    }

    /// <summary>Puts an object without a request. Headers are those of a PutObject; others are ignored.</summary>
    /// <param name="bucket">Must exist.</param>
    /// <param name="key">Decoded.</param>
    /// <param name="content">Not to be changed afterwards.</param>
    /// <param name="headers">Such as Content-Type or x-amz-meta-*; x-amz-checksum-* is returned in checksum mode, unverified.</param>
    public OriginObject PutObject(string bucket, string key, byte[] content, IReadOnlyDictionary<string, string>? headers = null)
    {
        ArgumentNullException.ThrowIfNull(content);
        return Commit(bucket, ObjectWrites.Compose(_store, key, content, ObjectHeaders.From(headers ?? StoredObject.NoHeaders)), headers);
    }

    /// <summary>Puts an object whose bytes are computed, of any size. The result makes and checks the same bytes.</summary>
    public SyntheticContent PutSynthetic(
        string bucket, string key, long size, ulong seed, IReadOnlyDictionary<string, string>? headers = null)
    {
        SyntheticContent content = new(size, seed);
        Commit(bucket, Compose(key, content, ObjectHeaders.From(headers ?? StoredObject.NoHeaders)), headers);
        return content;
    }

    /// <summary>Puts an object whose bytes are a window of a content that many objects share, which spares each a table of its own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The window is not within the content.</exception>
    public void PutWindow(string bucket, string key, SyntheticContent content, long start, long length)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, content.Length - length);
        StoredObject window = new()
        {
            Key = key,
            Content = new GeneratedContent(content, start, length),
            ETag = string.Create(CultureInfo.InvariantCulture, $"\"{start:x16}{length:x16}-1\""),
            LastModified = _store.Now,
            Headers = StoredObject.NoHeaders,
        };
        Commit(bucket, window, null);
    }

    /// <summary>Replaces an object's bytes behind the proxy's back; its headers stay.</summary>
    /// <exception cref="ArgumentException">There is no such object.</exception>
    public OriginObject Overwrite(string bucket, string key, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return Commit(bucket, ObjectWrites.Compose(_store, key, content, Existing(bucket, key).Headers), null);
    }

    /// <summary>Replaces an object's bytes by computed ones behind the proxy's back; its headers stay.</summary>
    /// <exception cref="ArgumentException">There is no such object.</exception>
    public SyntheticContent OverwriteSynthetic(string bucket, string key, long size, ulong seed)
    {
        SyntheticContent content = new(size, seed);
        Commit(bucket, Compose(key, content, Existing(bucket, key).Headers), null);
        return content;
    }

    /// <summary>Replaces an object's headers and its Last-Modified, not its bytes: the ETag stays.</summary>
    /// <exception cref="ArgumentException">There is no such object.</exception>
    public OriginObject ReplaceHeaders(string bucket, string key, IReadOnlyDictionary<string, string> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        return Commit(bucket, Existing(bucket, key) with { LastModified = _store.Now, Headers = ObjectHeaders.From(headers) }, headers);
    }

    /// <summary>Deletes without a request. False when there was no such object.</summary>
    /// <exception cref="ArgumentException">There is no such bucket.</exception>
    public bool DeleteObject(string bucket, string key)
    {
        bool existed = FindObject(bucket, key) is not null;
        Refuse(_store.Delete(bucket, key, null, out _), bucket, key);
        return existed;
    }

    /// <summary>The current version; null when there is none.</summary>
    public OriginObject? FindObject(string bucket, string key) =>
        _store.Find(bucket, key, null, out StoredObject? found) is null ? Describe(found!) : null;

    private static OriginObject Describe(StoredObject stored) => new(stored.ETag, stored.Content.Length, stored.LastModified, stored.VersionId);

    private static void Refuse(OriginErrorCode? failure, string bucket, string key)
    {
        if (failure is { } code)
        {
            throw new ArgumentException($"{bucket}/{key}: {OriginErrors.Describe(code).Message}", nameof(bucket));
        }
    }

    private StoredObject Compose(string key, SyntheticContent content, IReadOnlyDictionary<string, string> headers) => new()
    {
        Key = key,
        Content = new GeneratedContent(content, 0, content.Length),
        ETag = content.ETag,
        LastModified = _store.Now,
        Headers = headers,
    };

    private StoredObject Existing(string bucket, string key)
    {
        Refuse(_store.Find(bucket, key, null, out StoredObject? found), bucket, key);
        return found!;
    }

    private OriginObject Commit(string bucket, StoredObject candidate, IReadOnlyDictionary<string, string>? headers)
    {
        Dictionary<string, string> checksums = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, string value) in headers ?? StoredObject.NoHeaders)
        {
            if (name.StartsWith(Checksums.HeaderPrefix, StringComparison.OrdinalIgnoreCase))
            {
                checksums[name] = value;
            }
        }

        Refuse(_store.Put(bucket, candidate with { ChecksumHeaders = checksums }, null, out StoredObject stored), bucket, candidate.Key);
        return Describe(stored);
    }
}
