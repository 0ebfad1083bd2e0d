namespace S3Proxy.Configuration.Yaml;

/// <summary>YAML that is valid but not read here. Never leaves <see cref="YamlTreeReader"/>.</summary>
internal sealed class YamlRefusalException(Place place, string message) : Exception(message)
{
    public Place Place { get; } = place;
}
