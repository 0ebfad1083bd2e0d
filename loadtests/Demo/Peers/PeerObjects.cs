using System.Globalization;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Demo.Peers;

/// <summary>Makes objects at the origin, each with bytes that no other has. Not thread-safe.</summary>
internal sealed class PeerObjects(EmbeddedOrigin origin)
{
    public const string Bucket = "bench";

    private long _next;

    /// <summary>What all objects are windows of.</summary>
    public SyntheticContent Content { get; } = new(long.MaxValue / 2, seed: 7);

    /// <summary>Puts one object.</summary>
    public PeerObject Put(string key, long length)
    {
        PeerObject made = new($"/{Bucket}/{key}", _next, length);
        origin.PutWindow(Bucket, key, Content, made.Start, length);
        _next += length;
        return made;
    }

    /// <summary>Puts a number of objects of one size.</summary>
    public PeerObject[] PutMany(string prefix, int count, long length) =>
        [.. Enumerable.Range(0, count).Select(number => Put(string.Create(CultureInfo.InvariantCulture, $"{prefix}/{number}"), length))];
}
