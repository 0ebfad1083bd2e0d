using static S3Proxy.Configuration.Schema.ValueKind;

namespace S3Proxy.Configuration.Schema;

/// <summary>The keys of <c>limits</c>; part of <see cref="ConfigurationKeys"/>.</summary>
internal static class LimitKeys
{
    /// <summary>In the order of the documentation.</summary>
    public static IEnumerable<ConfigurationKey> All() =>
    [
        new("limits", Mapping, null, "How much one client may have of the proxy. What is more gets 503 SlowDown."),
        .. Limit("limits.perKey", "Bounds for each access key, with `auth.mode: sigv4`. Absent: none."),
        .. Limit("limits.perAddress", "Bounds for each client address, for an IPv6 address its first 64 bits. They hold before a signature is looked at. Absent: none."),
        new("limits.maxTracked", Integer, "65536", "Keys, and addresses, that are remembered; those that asked longest ago are forgotten first, and begin anew.") { Range = ("1024", "4194304") },
    ];

    private static IEnumerable<ConfigurationKey> Limit(string parent, string description) =>
    [
        new(parent, Mapping, null, description),
        new($"{parent}.requestsPerSecond", ValueKind.Decimal, "0", "Requests a second in the long run, such as `50` or `0.5`. 0: no bound.") { Range = ("0", "1000000") },
        new($"{parent}.burst", Integer, null, "Requests that may come at once after a pause. Absent: those of one second, at least one.") { Range = ("1", "1000000") },
        new($"{parent}.concurrent", Integer, "0", "Requests that run at the same time, until their last byte. 0: no bound.") { Range = ("0", "1000000") },
    ];
}
