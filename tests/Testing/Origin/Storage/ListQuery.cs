namespace S3Proxy.Testing.Origin.Storage;

/// <summary>What a listing asks for.</summary>
/// <param name="Prefix">Only keys that begin with it; empty for all.</param>
/// <param name="Delimiter">Keys with this after the prefix are rolled up; empty for none.</param>
/// <param name="Marker">Only what comes after this key or common prefix; empty for all.</param>
/// <param name="MaxKeys">Bound on keys and common prefixes together.</param>
internal sealed record ListQuery(string Prefix, string Delimiter, string Marker, int MaxKeys);
