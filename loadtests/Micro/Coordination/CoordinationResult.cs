using S3Proxy.Micro.Coordination.Claiming;
using S3Proxy.Micro.Coordination.Counting;
using S3Proxy.Reporting;

namespace S3Proxy.Micro.Coordination;

/// <summary>All samples of a run, and medians over its rounds.</summary>
internal sealed record CoordinationResult(
    CoordinationOptions Options,
    IReadOnlyList<CountingSample> Counting,
    IReadOnlyList<CountingSample> ByStateSize,
    IReadOnlyList<ClaimSample> Claiming)
{
    /// <summary>Outputs that were wrong, for people. Claims that are merged later are expected to be.</summary>
    public IReadOnlyList<string> Failures =>
    [
        .. Counting.Concat(ByStateSize).Where(sample => sample.Difference is not null)
            .Select(sample => $"{sample.Strategy}, {sample.Workload}, {sample.Threads} threads: {sample.Difference}"),
        .. Claiming.Where(sample => sample.Violations > 0 && sample.Strategy != ClaimStrategies.Deferred)
            .Select(sample => $"{sample.Strategy}, {sample.Workload}, {sample.Threads} threads: {sample.Violations} violations"),
    ];

    /// <summary>Median over the rounds of a cell.</summary>
    public double Count(string strategy, string workload, int threads, Func<CountingSample, double> value) =>
        Quantiles.Of(Counting.Where(sample => sample.Strategy == strategy && sample.Workload == workload && sample.Threads == threads).Select(value), 0.5);

    /// <summary>Median over the rounds of a cell.</summary>
    public double Claim(string strategy, string workload, int threads, Func<ClaimSample, double> value) =>
        Quantiles.Of(Claiming.Where(sample => sample.Strategy == strategy && sample.Workload == workload && sample.Threads == threads).Select(value), 0.5);

    /// <summary>Median steps a second by number of keys.</summary>
    public double StepsPerSecond(string strategy, int keys) =>
        Quantiles.Of(ByStateSize.Where(sample => sample.Strategy == strategy && sample.Keys == keys).Select(sample => sample.StepsPerSecond), 0.5);
}
