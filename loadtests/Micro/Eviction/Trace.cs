namespace S3Proxy.Micro.Eviction;

/// <summary>Requests to replay.</summary>
/// <param name="Name">For tables and the chart.</param>
/// <param name="What">What it stands for.</param>
/// <param name="Requests">Numbers of the objects asked for, in order.</param>
/// <param name="Sizes">Bytes of each object.</param>
internal sealed record Trace(string Name, string What, int[] Requests, int[] Sizes)
{
    /// <summary>Bytes of all objects that are asked for.</summary>
    public long DistinctBytes { get; } = Requests.Distinct().Sum(id => (long)Sizes[id]);
}
