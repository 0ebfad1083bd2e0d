namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>What all strategies that batch have in common.</summary>
internal static class Batches
{
    /// <summary>Steps in a batch; the default of the product's own statistics.</summary>
    public const int Steps = 256;
}
