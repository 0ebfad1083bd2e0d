namespace S3Proxy.Configuration.Yaml;

/// <summary>A sequence.</summary>
internal sealed class YamlList(Place place) : YamlNode(place)
{
    public List<YamlNode> Items { get; } = [];

    public override string KindName => "a list";
}
