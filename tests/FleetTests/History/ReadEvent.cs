namespace S3Proxy.FleetTests.History;

/// <summary>A read that gave a whole, right version of a key. Immutable.</summary>
/// <param name="Client">Whose read; a client reads one thing after another.</param>
/// <param name="Key">Object key.</param>
/// <param name="Version">Of the body that came.</param>
/// <param name="Started">Timestamp taken before the request was sent.</param>
/// <param name="Ended">Timestamp taken after the last byte.</param>
/// <param name="Replica">Who answered, for people.</param>
/// <param name="Cache"><c>x-cache</c> of the answer, for people.</param>
internal sealed record ReadEvent(int Client, string Key, long Version, long Started, long Ended, int Replica = 0, string Cache = "");
