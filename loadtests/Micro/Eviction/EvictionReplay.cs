namespace S3Proxy.Micro.Eviction;

/// <summary>Judges eviction policies by replaying traces (requirement C1).</summary>
internal static class EvictionReplay
{
    private const int Requests = 2_000_000;

    /// <summary>Sizes of the cache, as shares of the bytes of all objects of a trace.</summary>
    public static IReadOnlyList<double> CacheShares { get; } = [0.01, 0.05, 0.1, 0.25];

    /// <summary>Replays everything and writes the report; false when another policy is better than the shipped one over all traces.</summary>
    public static bool Run(string? folder)
    {
        List<ReplaySample> samples = [];
        List<(string Name, string What)> traces = [];
        foreach (Trace trace in Traces.Make(Requests))
        {
            Console.WriteLine(trace.Name);
            traces.Add((trace.Name, trace.What));
            foreach (double share in CacheShares)
            {
                foreach (ReplayedPolicy policy in ReplayedPolicy.All)
                {
                    samples.Add(Replay.Run(trace, policy, share));
                }

                samples.Add(ClairvoyantReplay.Run(trace, share));
            }
        }

        EvictionReport report = new(traces, samples);
        report.Write(folder ?? "loadtests/results");
        return ReplayedPolicy.All.All(policy => report.Mean(ReplayedPolicy.Shipped, sample => sample.HitRatio) >= report.Mean(policy.Name, sample => sample.HitRatio));
    }
}
