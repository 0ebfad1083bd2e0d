namespace S3Proxy.Configuration.Yaml;

/// <summary>A value of the configuration file with its place. The tree is changed only while environment overrides are applied.</summary>
internal abstract class YamlNode(Place place)
{
    public Place Place { get; } = place;

    /// <summary>What the value is, for messages: "a text", "a list" or "a mapping".</summary>
    public abstract string KindName { get; }
}
