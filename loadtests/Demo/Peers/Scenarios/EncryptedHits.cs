using System.Globalization;
using System.Net;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Servers;
using S3Proxy.Testing.Tls;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>Hits over TLS, by HTTP/1.1 or HTTP/2, of the servers that speak it themselves.</summary>
/// <param name="scale">Sizes of objects.</param>
/// <param name="isHttp2">Whether clients speak HTTP/2, with several streams on each connection.</param>
internal sealed class EncryptedHits(PeersScale scale, bool isHttp2) : IPeerScenario
{
    private const int Connections = 64;
    private const int Http2Connections = 16;
    private const int Streams = 8;

    public string Name => isHttp2 ? "http2" : "tls";

    public string Description =>
        (isHttp2
            ? string.Create(CultureInfo.InvariantCulture, $"Hits by HTTP/2 over TLS in a closed loop by h2load, {Http2Connections} connections with {Streams} streams each.")
            : string.Create(CultureInfo.InvariantCulture, $"Hits by HTTP/1.1 over TLS in a closed loop by wrk, {Connections} connections."))
        + " An ECDSA certificate of P-256; what is agreed on is up to OpenSSL on both sides. Every body was compared, and seen to come from the cache, before. Varnish as Debian has it speaks no TLS.";

    public ComparedBy ComparedBy => ComparedBy.RequestsPerSecond;

    public IReadOnlyList<string> Cells => [.. scale.SteadySizes.Select(size => ByteSize.Format(size.Bytes))];

    public string? SkipReason => isHttp2 ? H2Load.FindMissing() : Wrk.FindMissing();

    public int CountServers(PeersOptions options) => KindsOf(options).Count();

    public async Task RunAsync(Room room, CancellationToken cancellationToken)
    {
        await using ServerSet servers = await ServerSet.StartAsync(KindsOf(room.Options), room.Origin.Endpoint, scale.BudgetBytes, isEncrypted: true, meanObjectBytes: null, cancellationToken);
        foreach ((long bytes, int count) in scale.SteadySizes)
        {
            PeerObject[] objects = room.Objects.PutMany(string.Create(CultureInfo.InvariantCulture, $"{Name}-{bytes}"), count, bytes);
            foreach (PeerServer server in servers.Servers)
            {
                await VerifyHitsAsync(room, server, objects, cancellationToken);
            }

            string[] paths = [.. objects.Select(item => item.Path)];
            await room.MeasureAsync(
                Name,
                ByteSize.Format(bytes),
                servers,
                turn => isHttp2
                    ? room.H2Load.RunAsync(turn.Server.Endpoint, paths, Http2Connections, Streams, room.Options.Duration, cancellationToken)
                    : room.Wrk.RunAsync(turn.Server.Endpoint, paths, bytes, Connections, room.Options.Duration, cancellationToken),
                cancellationToken);
        }
    }

    private static IEnumerable<IServerKind> KindsOf(PeersOptions options) => options.ServersFor(isAboutHits: false).Where(kind => kind.SpeaksTls);

    /// <summary>Reads every object twice, by the version of HTTP that is measured: all answers are right, and the second ones come from the cache.</summary>
    private async Task VerifyHitsAsync(Room room, PeerServer server, PeerObject[] objects, CancellationToken cancellationToken)
    {
        using SocketsHttpHandler handler = new() { SslOptions = { RemoteCertificateValidationCallback = ServerCertificate.IsThere } };
        using HttpClient client = new(handler)
        {
            BaseAddress = server.Endpoint,
            DefaultRequestVersion = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (bool mustBeHit in (bool[])[false, true])
        {
            foreach (PeerObject item in objects)
            {
                using HttpResponseMessage answer = await client.GetAsync(item.Path, cancellationToken);
                byte[] body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                if (answer.StatusCode != HttpStatusCode.OK || body.Length != item.Length || room.Objects.Content.FirstMismatch(item.Start, body) >= 0)
                {
                    throw new WrongPeerException($"{server.Name} does not answer as it should over TLS: status {(int)answer.StatusCode} with {body.Length} bytes.");
                }

                bool isHit = answer.Headers.TryGetValues("x-cache", out IEnumerable<string>? told) && told.Contains("HIT");
                if (mustBeHit && !isHit)
                {
                    throw new WrongPeerException($"{server.Name}: an answer does not come from the cache the second time.");
                }
            }
        }
    }
}
