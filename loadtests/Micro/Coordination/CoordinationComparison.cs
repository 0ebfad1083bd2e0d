using S3Proxy.Micro.Coordination.Claiming;
using S3Proxy.Micro.Coordination.Counting;

namespace S3Proxy.Micro.Coordination;

/// <summary>
/// Compares ways for threads to work on shared state (requirement K1). Everything is measured once a round, all strategies of a cell one after the
/// other, so that what else the machine does meets all alike.
/// </summary>
internal sealed class CoordinationComparison(CoordinationOptions options)
{
    private const int ManyKeys = 10_000;
    private const double Skew = 1.1;
    private const int StateSizeThreads = 4;

    private readonly List<CountingSample> _counted = [];
    private readonly List<CountingSample> _byStateSize = [];
    private readonly List<ClaimSample> _claimed = [];

    public static IReadOnlyList<int> ThreadCounts { get; } = [1, 2, 4, 8, 16];

    /// <summary>Measures, writes the report, and tells whether every output was right.</summary>
    public bool Run()
    {
        Workload uniform = new("uniform", ManyKeys, 0);
        Workload skewed = new("skewed", ManyKeys, Skew);
        Workload oneKey = new("one key", 1, 0);
        Workload[] stateSizes = [new("uniform", 16, 0), new("uniform", 100, 0), new("uniform", 1000, 0), uniform];
        Console.WriteLine("warming up");
        MeasureRound(0, [uniform, skewed], [uniform, skewed, oneKey], stateSizes, [1, 2], options.Duration / 3);
        _counted.Clear();
        _byStateSize.Clear();
        _claimed.Clear();
        for (int round = 1; round <= options.Rounds; round++)
        {
            Console.WriteLine($"round {round} of {options.Rounds}");
            MeasureRound(round, [uniform, skewed], [uniform, skewed, oneKey], stateSizes, ThreadCounts, options.Duration);
        }

        CoordinationResult result = new(options, _counted, _byStateSize, _claimed);
        CoordinationReport.Write(result, options.Folder);
        return result.Failures.Count == 0;
    }

    private void MeasureRound(int round, Workload[] counting, Workload[] claiming, Workload[] stateSizes, IReadOnlyList<int> threadCounts, TimeSpan duration)
    {
        foreach (int threads in threadCounts)
        {
            foreach (Workload work in counting)
            {
                Count(work, threads, round, duration, _counted, _ => true);
            }

            foreach (Workload work in claiming)
            {
                Console.WriteLine($"  claiming, {work.Name}, {threads} threads");
                foreach ((string name, Func<IClaimStrategy> make) in Rotated(ClaimStrategies.All, round))
                {
                    _claimed.Add(new ClaimRound(work, threads, duration).Run(name, make, round));
                }
            }
        }

        foreach (Workload work in stateSizes)
        {
            Count(work, StateSizeThreads, round, duration, _byStateSize, name => name is CountingStrategies.Baseline or CountingStrategies.BatchLocal);
        }
    }

    private static void Count(Workload work, int threads, int round, TimeSpan duration, List<CountingSample> samples, Func<string, bool> isWanted)
    {
        Console.WriteLine($"  counting, {work.Name}, {work.Keys.Length} keys, {threads} threads");
        foreach ((string name, Func<Workload, ICountingStrategy> make) in Rotated(CountingStrategies.All, round).Where(strategy => isWanted(strategy.Name)))
        {
            samples.Add(new CountingRound(work, threads, duration).Run(name, make, round));
        }
    }

    /// <summary>Each round begins with another strategy.</summary>
    private static IEnumerable<T> Rotated<T>(IReadOnlyList<T> all, int round) => Enumerable.Range(0, all.Count).Select(i => all[(i + round) % all.Count]);
}
