namespace S3Proxy.ConformanceTests.Differential.Writes;

/// <summary>All scenarios, by the name of their group.</summary>
internal static class WriteScenarios
{
    public static IReadOnlyDictionary<string, IReadOnlyList<WriteScenario>> All { get; } = new SortedDictionary<string, IReadOnlyList<WriteScenario>>(StringComparer.Ordinal)
    {
        ["writing objects"] = [.. ObjectScenarios.All()],
        ["copying"] = [.. CopyScenarios.Copies()],
        ["multipart uploads"] = [.. CopyScenarios.Multiparts()],
        ["deleting and versions"] = [.. DeleteScenarios.All()],
        ["configuring buckets"] = [.. BucketScenarios.All()],
    };
}
