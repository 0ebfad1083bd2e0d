namespace S3Proxy.Configuration.Yaml;

/// <summary>One key of a mapping with its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="KeyPlace">Where the key stands; errors about what is missing below it point here.</param>
/// <param name="Value">Its value.</param>
internal sealed record YamlEntry(string Key, Place KeyPlace, YamlNode Value);
