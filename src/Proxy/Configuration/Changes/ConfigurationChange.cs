using S3Proxy.Configuration.Schema;
using S3Proxy.Configuration.Yaml;

namespace S3Proxy.Configuration.Changes;

/// <summary>One difference between two configurations. Tells where, and never a value: it might be a secret.</summary>
/// <param name="Path">The key, such as <c>buckets.models.prefix</c>; items of <c>auth.keys</c> are named by their access key id.</param>
/// <param name="Kind">What happened to it.</param>
/// <param name="Place">Where it stands in the newer one; for what was removed, where it would stand.</param>
/// <param name="Key">The row of the table.</param>
internal sealed record ConfigurationChange(string Path, ChangeKind Kind, Place Place, ConfigurationKey Key)
{
    /// <summary>The error of a change that a running process cannot take over.</summary>
    public ConfigurationError NeedsRestart() => Place.Error(Path, Kind switch
    {
        ChangeKind.Added => "was added, which needs a restart; nothing of the new configuration was taken over",
        ChangeKind.Removed => "was removed, which needs a restart; nothing of the new configuration was taken over",
        _ => "has changed, which needs a restart; nothing of the new configuration was taken over",
    });
}
