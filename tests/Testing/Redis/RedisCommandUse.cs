namespace S3Proxy.Testing.Redis;

/// <summary>What a server says of one command since its statistics were reset. Immutable.</summary>
/// <param name="Calls">How often it was run.</param>
/// <param name="Rejected">How often it was refused before it ran.</param>
/// <param name="Failed">How often it answered an error.</param>
public sealed record RedisCommandUse(long Calls, long Rejected, long Failed);
