using S3Proxy.Demo.Measuring;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Demo.Scenarios;

/// <summary>What every scenario plays on: an origin, a proxy before it and a client.</summary>
/// <param name="Origin">Holds <see cref="Bucket"/>.</param>
/// <param name="Proxy">The proxy's data address.</param>
/// <param name="Client">Reads and verifies.</param>
internal sealed record Stage(EmbeddedOrigin Origin, Uri Proxy, ObjectClient Client)
{
    public const string Bucket = "demo";

    /// <summary>Puts an object whose bytes follow from its seed.</summary>
    public SyntheticContent Put(string key, long sizeBytes, ulong seed) => Origin.PutSynthetic(Bucket, key, sizeBytes, seed);

    /// <summary>Where clients find an object of the bucket.</summary>
    public Uri UriOf(string key) => new(Proxy, $"/{Bucket}/{key}");
}
