namespace S3Proxy.Configuration.Yaml;

/// <summary>A scalar as it is written; numbers and booleans are told by the key they stand for, not by YAML.</summary>
internal sealed class YamlText(Place place, string value, bool isQuoted) : YamlNode(place)
{
    public string Value { get; } = value;

    /// <summary>True for what YAML calls null: nothing, <c>~</c> or <c>null</c> without quotes.</summary>
    public bool IsNull { get; } = !isQuoted && value is ("" or "~" or "null" or "Null" or "NULL");

    public override string KindName => "a text";
}
