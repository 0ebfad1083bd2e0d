namespace S3Proxy.Warming;

/// <summary>An object that could not be loaded.</summary>
/// <param name="Key">Its key as clients know it.</param>
/// <param name="Reason">Why not, as a sentence.</param>
internal sealed record WarmFailure(string Key, string Reason);
