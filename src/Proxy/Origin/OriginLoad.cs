using S3Proxy.Configuration;
using S3Proxy.Origin.Slots;

namespace S3Proxy.Origin;

/// <summary>What the proxy knows and allows of its own requests to one origin. Thread-safe, as its parts are.</summary>
internal sealed class OriginLoad(OriginConfiguration origin, TimeProvider timeProvider)
{
    /// <summary>Who may send now, and who is next.</summary>
    public OriginSlots Slots { get; } = new(
        new AdaptiveLimit(origin.Concurrency.Max, origin.Concurrency.Min, origin.Concurrency.IsAdaptive, timeProvider),
        origin.Concurrency.MaxWaiting, origin.Concurrency.WaitLimit, timeProvider);

    /// <summary>How much may be sent again.</summary>
    public RetryBudget Retries { get; } = new(origin.Retry.BudgetShare, timeProvider);

    /// <summary>How much may be sent twice at once; null when nothing may.</summary>
    public HedgeBudget? Hedges { get; } = origin.Hedging.IsEnabled ? new HedgeBudget(origin.Hedging.MaxExtraShare) : null;

    /// <summary>How long the origin takes to its headers.</summary>
    public FirstByteTimes FirstByteTimes { get; } = new();
}
