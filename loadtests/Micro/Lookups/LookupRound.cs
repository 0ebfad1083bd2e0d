namespace S3Proxy.Micro.Lookups;

/// <summary>What one round of one way came to.</summary>
/// <param name="PerSecond">Lookups a second.</param>
/// <param name="P50">Median time of a lookup.</param>
/// <param name="P99">Time that one of a hundred takes longer than.</param>
/// <param name="ClientMicroseconds">Processor time of this process for a lookup.</param>
/// <param name="RedisMicroseconds">Processor time of Redis for a lookup.</param>
/// <param name="Commands">Commands that Redis took for a lookup, those inside scripts not counted.</param>
/// <param name="Wrong">Lookups that found something else than was put there.</param>
internal sealed record LookupRound(double PerSecond, TimeSpan P50, TimeSpan P99, double ClientMicroseconds, double RedisMicroseconds, double Commands, int Wrong);
