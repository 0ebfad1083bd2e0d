using S3Proxy.Caching;

namespace S3Proxy.Fetching;

/// <summary>
/// What an object's flight is keyed by. HEAD fetches have flights of their own: a HEAD may join a GET's flight, never the other way round (requirement F9).
/// </summary>
internal readonly record struct ObjectFlightKey(ObjectId Id, bool HeadersOnly);
