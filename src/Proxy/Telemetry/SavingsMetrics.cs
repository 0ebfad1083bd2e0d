using System.Diagnostics.Metrics;
using S3Proxy.Caching;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Configuration;

namespace S3Proxy.Telemetry;

/// <summary>What the cache saved, by bucket and client (requirement O3): read from the usage statistics when someone looks, so that a hit pays nothing for it.</summary>
/// <remarks>
/// Thread-safe. Bounded: buckets and clients beyond <c>telemetry.maxTenants</c> are told together as <c>other</c>. Money is told only when prices are configured. The meter belongs to the
/// factory.
/// </remarks>
internal sealed class SavingsMetrics
{
    /// <summary>Label of buckets and clients that are not told by themselves.</summary>
    public const string Other = "other";

    private const double BytesPerGiB = 1 << 30;

    private readonly UsageStatistics<ObjectId, UsageTenant> _usage;

    public SavingsMetrics(IMeterFactory meterFactory, UsageStatistics<ObjectId, UsageTenant> usage, PriceConfiguration prices)
    {
        _usage = usage;
        Meter meter = meterFactory.Create(ProxyMetrics.MeterName);
        meter.CreateObservableCounter("s3proxy.saved.requests", () => Tell(static usage => usage.SavedRequests), "{request}", "Object reads that were answered without a request to the origin of their own.");
        meter.CreateObservableCounter("s3proxy.saved.bytes", () => Tell(static usage => usage.SavedBytes), "By", "Body bytes of object reads that were not fetched from the origin for them.");
        if (!prices.AreSet)
        {
            return;
        }

        KeyValuePair<string, object?> currency = new("currency", prices.Currency);
        meter.CreateObservableCounter("s3proxy.saved.cost", () => Tell(usage => CostOf(usage, prices), currency), unit: null, "What the saved requests and bytes would have cost at the configured prices.");
    }

    private static double CostOf(Usage usage, PriceConfiguration prices) =>
        (usage.SavedRequests / 1000.0 * prices.PerThousandGets) + (usage.SavedBytes / BytesPerGiB * prices.PerGiBEgress);

    private List<Measurement<T>> Tell<T>(Func<Usage, T> value, params KeyValuePair<string, object?>[] more)
        where T : struct
    {
        UsageSnapshot<ObjectId, UsageTenant> snapshot = _usage.Read(1);
        Dictionary<UsageTenant, Usage> tenants = new(snapshot.Tenants);
        if (snapshot.OtherTenants != default)
        {
            // Somebody may be called "other"; a series that stands twice would fail the scrape.
            UsageTenant other = new(Other, Other);
            tenants[other] = tenants.GetValueOrDefault(other) + snapshot.OtherTenants;
        }

        return [.. tenants.Select(tenant => new Measurement<T>(value(tenant.Value), [new("bucket", tenant.Key.Bucket), new("client", tenant.Key.Client), .. more]))];
    }
}
