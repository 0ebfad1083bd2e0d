namespace S3Proxy.ConformanceTests.Differential;

/// <summary>Every difference that does not fail a test, and why. docs/conformance.md is made from it.</summary>
internal static class KnownDifferences
{
    private static readonly HashSet<string> DetailsOfErrors =
    [
        "xml Message", "xml Resource", "xml BucketName", "xml RangeRequested", "xml ActualObjectSize", "xml Condition", "xml ArgumentName",
        "header content-range", "header accept-ranges", "header content-type", "header content-length",
    ];

    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new("details of the proxy's own errors", "x",
            ["ranges", "conditions", "signatures", "methods and buckets", "keys"],
            (exchange, difference) => exchange.Proxied.Status == exchange.Direct.Status && exchange.Proxied.Status >= 400
                && (exchange.Call.Method == "HEAD" || (exchange.ErrorCode is not null && exchange.Proxied.Text.Contains("<Resource>", StringComparison.Ordinal)))
                && DetailsOfErrors.Contains(difference.Field)),
    ];
}
