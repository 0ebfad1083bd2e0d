using S3Proxy.Configuration;

namespace S3Proxy.Reloading;

/// <summary>The configuration file of the process, with what was read from it last. Used by one at a time.</summary>
/// <param name="path">The file.</param>
/// <param name="environment">Variables of the process, which do not change.</param>
/// <param name="source">What the configuration in use was made of.</param>
internal sealed class ConfigurationFile(string path, IReadOnlyDictionary<string, string> environment, ConfigurationSource source)
{
    /// <summary>As it is told in errors.</summary>
    public string Name => path;

    /// <summary>What the configuration in use was made of.</summary>
    public ConfigurationSource Source { get; private set; } = source;

    /// <summary>Reads the file, and those it names, as they are now.</summary>
    public ConfigurationResult Load() => ConfigurationLoader.LoadFile(path, environment);

    /// <summary>Remembers what the configuration in use is made of.</summary>
    public void Use(ConfigurationSource source) => Source = source;
}
