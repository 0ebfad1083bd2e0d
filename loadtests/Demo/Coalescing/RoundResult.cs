namespace S3Proxy.Demo.Coalescing;

/// <summary>One proxy under one load for a while.</summary>
/// <param name="RequestsPerSecond">Right answers.</param>
/// <param name="CpuMicroseconds">Processor time of the proxy for each.</param>
/// <param name="OriginRequests">What the origin was asked meanwhile.</param>
/// <param name="Wrong">Answers with wrong bytes or a wrong status.</param>
/// <param name="P99Milliseconds">Time of the slowest hundredth.</param>
internal sealed record RoundResult(double RequestsPerSecond, double CpuMicroseconds, long OriginRequests, long Wrong, double P99Milliseconds);
