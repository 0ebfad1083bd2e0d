namespace S3Proxy.Fetching;

/// <summary>How far a run goes.</summary>
/// <param name="LastWanted">Last slice that somebody asks for.</param>
/// <param name="Last">Last slice it asks the origin for; those behind <paramref name="LastWanted"/> are read ahead.</param>
internal readonly record struct RunExtent(int LastWanted, int Last);
