namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>What one thread was told, for the check and the timings. Belongs to the thread until it has ended.</summary>
internal sealed class ClaimLog(int maxClaims)
{
    public List<(object Generation, bool IsLeader)> Claims { get; } = new(maxClaims);

    /// <summary>Time from asking until released, for a part of the claims.</summary>
    public List<double> Microseconds { get; } = [];

    /// <summary>Timestamp after the last claim.</summary>
    public long EndedAt { get; set; }
}
