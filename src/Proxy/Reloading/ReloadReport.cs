using S3Proxy.Configuration;
using S3Proxy.Configuration.Changes;

namespace S3Proxy.Reloading;

/// <summary>What a reload did. Holds no secret.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Changes">What is different in the configuration that was read; empty when it has errors.</param>
/// <param name="Errors">Why it was refused; empty when it was not.</param>
internal sealed record ReloadReport(ReloadResult Result, IReadOnlyList<ConfigurationChange> Changes, IReadOnlyList<ConfigurationError> Errors)
{
    /// <summary>Nothing is different.</summary>
    public static ReloadReport Unchanged { get; } = new(ReloadResult.Unchanged, [], []);
}
