using S3Proxy.Configuration.Yaml;

namespace S3Proxy.Configuration;

/// <summary>What a configuration was made of: for telling what another one changes, and when it is to be read again. Holds secrets; never printed.</summary>
/// <param name="Root">The tree with the environment's values; null when there was none.</param>
/// <param name="Files">The files that were read.</param>
internal sealed record ConfigurationSource(YamlMapping? Root, ConfigurationFiles Files)
{
    public override string ToString() => nameof(ConfigurationSource);
}
