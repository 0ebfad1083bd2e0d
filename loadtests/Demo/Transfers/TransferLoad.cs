using System.Collections.Concurrent;
using System.Globalization;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Demo.Measuring;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Transfers;

/// <summary>Clients in a closed loop, each with one transfer at a time, by presigned URLs; every byte is compared at its end.</summary>
internal sealed class TransferLoad : IDisposable
{
    public const string AccessKeyId = "LOAD1";
    public const string SecretAccessKey = "load-secret-1";

    private const string Bucket = "transfers";
    private static readonly TimeSpan UrlLifetime = TimeSpan.FromHours(1);
    private readonly TimeProvider _timeProvider;
    private readonly ObjectClient _reader;
    private readonly HttpClient _writer = new(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue, UseProxy = false }) { Timeout = TimeSpan.FromMinutes(5) };
    private int _names;

    public TransferLoad(TimeProvider timeProvider)
    {
        _timeProvider = timeProvider;
        _reader = new ObjectClient(timeProvider);
    }

    /// <summary>Moves <paramref name="objects"/> objects with so many clients at once.</summary>
    /// <param name="endpoint">Of the proxy or of the origin.</param>
    /// <param name="kind">Which way.</param>
    /// <param name="content">The bytes of every object.</param>
    /// <param name="clients">Clients at once.</param>
    /// <param name="objects">Objects of all clients together.</param>
    /// <param name="proxyTime">The proxy's processor time up to now; null past the proxy.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<TransferRound> RunAsync(
        Uri endpoint, TransferKind kind, SyntheticContent content, int clients, int objects, Func<TimeSpan>? proxyTime, CancellationToken cancellationToken)
    {
        ConcurrentQueue<Uri> urls = new(Enumerable.Range(0, objects).Select(_ => Presign(endpoint, kind, content)).ToArray());
        int failed = 0;
        TimeSpan proxyBegun = proxyTime?.Invoke() ?? TimeSpan.Zero;
        long begun = _timeProvider.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(
            async () =>
            {
                while (urls.TryDequeue(out Uri? url))
                {
                    if (!await TransferAsync(url, kind, content, cancellationToken))
                    {
                        Interlocked.Increment(ref failed);
                    }
                }
            },
            cancellationToken)));
        TimeSpan elapsed = _timeProvider.GetElapsedTime(begun);
        return new TransferRound(content.Length * objects, elapsed, (proxyTime?.Invoke() ?? TimeSpan.Zero) - proxyBegun, failed);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
    }

    private async Task<bool> TransferAsync(Uri url, TransferKind kind, SyntheticContent content, CancellationToken cancellationToken)
    {
        if (kind != TransferKind.Upload)
        {
            ReadOutcome outcome = await _reader.ReadAsync(url, content, cancellationToken);
            return outcome.Failure is null && !outcome.IsWrong;
        }

        using HttpRequestMessage request = new(HttpMethod.Put, url) { Content = new SyntheticUpload(content) };
        using HttpResponseMessage answer = await _writer.SendAsync(request, cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>A key nobody used before, but for hot downloads: they are all of one object.</summary>
    private Uri Presign(Uri endpoint, TransferKind kind, SyntheticContent content)
    {
        string name = kind == TransferKind.HotDownload ? "hot" : string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref _names)}");
        using AmazonS3Client s3 = new(
            new BasicAWSCredentials(AccessKeyId, SecretAccessKey),
            new AmazonS3Config { ServiceURL = endpoint.GetLeftPart(UriPartial.Authority), ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        return new Uri(s3.GetPreSignedURL(new GetPreSignedUrlRequest
        {
            BucketName = Bucket,
            Key = string.Create(CultureInfo.InvariantCulture, $"{content.Length}/{name}"),
            Verb = kind == TransferKind.Upload ? HttpVerb.PUT : HttpVerb.GET,
            Protocol = Amazon.S3.Protocol.HTTP,
            Expires = _timeProvider.GetUtcNow().UtcDateTime + UrlLifetime,
        }));
    }
}
