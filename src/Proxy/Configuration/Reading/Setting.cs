using S3Proxy.Configuration.Schema;
using S3Proxy.Configuration.Yaml;

namespace S3Proxy.Configuration.Reading;

/// <summary>A single value, or its absence, with what an error about it needs.</summary>
/// <param name="Path">Path of its key.</param>
/// <param name="Place">Where it stands; for an absent one the mapping it belongs to.</param>
/// <param name="Text">The value written; null when the key is absent or its value was refused.</param>
/// <param name="Key">The row of the table.</param>
internal readonly record struct Setting(string Path, Place Place, string? Text, ConfigurationKey Key)
{
    public ConfigurationError Error(string message) => Place.Error(Path, message);
}
