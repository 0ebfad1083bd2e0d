using System.Globalization;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Servers;

namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>What verifying a signature costs a hit: this proxy with presigned URLs beside the same without authentication.</summary>
internal sealed class SignedHits(PeersScale scale) : IPeerScenario
{
    private const int Connections = 64;
    private const string AccessKeyId = "PEERSCLIENT";
    private const string SecretAccessKey = "peers-client-secret";
    private const string Suffix = ", SigV4";
    private const string Auth =
        $"{{ mode: sigv4, keys: [ {{ accessKeyId: {AccessKeyId}, secretAccessKey: {SecretAccessKey}, grants: [ {{ bucket: \"*\", actions: [read] }} ] }} ] }}";

    public string Name => "signed";

    public string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"Hits by wrk, {Connections} connections: s3proxy that verifies presigned URLs (SigV4, signed before), beside the same without authentication. The peers verify nothing.");

    public ComparedBy ComparedBy => ComparedBy.RequestsPerSecond;

    public IReadOnlyList<string> Cells => [.. scale.SteadySizes.Select(size => CellOf(size.Bytes))];

    public string? SkipReason => Wrk.FindMissing();

    public int CountServers(PeersOptions options) => 2 * options.Servers.OfType<S3ProxyKind>().Count();

    public async Task RunAsync(Room room, CancellationToken cancellationToken)
    {
        S3ProxyKind[] own = [.. room.Options.Servers.OfType<S3ProxyKind>()];
        IServerKind[] both = [.. own.Select(kind => new S3ProxyKind(kind.Name + Suffix, kind.Assembly, Auth)), .. own];
        await using ServerSet servers = await ServerSet.StartAsync(both, room.Origin.Endpoint, scale.BudgetBytes, isEncrypted: false, meanObjectBytes: null, cancellationToken);
        foreach ((long bytes, int count) in scale.SteadySizes)
        {
            PeerObject[] objects = room.Objects.PutMany(string.Create(CultureInfo.InvariantCulture, $"signed-{bytes}"), count, bytes);
            foreach (PeerServer server in servers.Servers)
            {
                await room.VerifyHitsAsync(server, AsAsked(server, objects), cancellationToken);
            }

            await room.MeasureAsync(
                Name,
                CellOf(bytes),
                servers,
                turn => room.Wrk.RunAsync(
                    turn.Server.Endpoint, AsAsked(turn.Server, objects).Select(item => item.Path), bytes, Connections, room.Options.Duration, cancellationToken),
                cancellationToken);
        }
    }

    private static PeerObject[] AsAsked(PeerServer server, PeerObject[] objects)
    {
        if (!server.Name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return objects;
        }

        using AmazonS3Client signer = new(
            new BasicAWSCredentials(AccessKeyId, SecretAccessKey),
            new AmazonS3Config
            {
                ServiceURL = server.Endpoint.GetLeftPart(UriPartial.Authority),
                AuthenticationRegion = RegionEndpoint.USEast1.SystemName,
                ForcePathStyle = true,
                UseHttp = true,
            });
        return [.. objects.Select(item => item with { Path = Presign(signer, item) })];
    }

    private static string Presign(AmazonS3Client signer, PeerObject item) => new Uri(signer.GetPreSignedURL(new GetPreSignedUrlRequest
    {
        BucketName = PeerObjects.Bucket,
        Key = item.Path[(PeerObjects.Bucket.Length + 2)..],
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
        Protocol = Amazon.S3.Protocol.HTTP,
    })).PathAndQuery;

    private static string CellOf(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{ByteSize.Format(bytes)}, presigned and anonymous");
}
