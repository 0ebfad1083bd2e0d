using BenchmarkDotNet.Attributes;
using S3Proxy.Coalescing.Statistics;

namespace S3Proxy.Micro;

/// <summary>What it costs a request to be counted (requirement K2). The background merge runs beside it and takes its share of the CPUs.</summary>
[MemoryDiagnoser]
public class UsageStatisticsBenchmarks
{
    private const int Keys = 4096;
    private readonly UsageStatistics<string, string> _statistics = new(new UsageStatisticsOptions(), TimeProvider.System);
    private readonly string[] _keys = [.. Enumerable.Range(0, Keys).Select(key => $"models/v2/tensor-{key:D6}.safetensors")];
    private int _next;

    /// <summary>One hot key.</summary>
    [Benchmark(Baseline = true)]
    public void RecordHotKey() => _statistics.Record(_keys[0], "TENANT", 1024);

    /// <summary>Four times as many keys as are tracked, one after the other: each displaces another.</summary>
    [Benchmark]
    public void RecordManyKeys() => _statistics.Record(_keys[_next++ & (Keys - 1)], "TENANT", 1024);
}
