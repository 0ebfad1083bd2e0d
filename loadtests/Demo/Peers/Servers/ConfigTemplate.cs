namespace S3Proxy.Demo.Peers.Servers;

/// <summary>Configuration files with names between at signs to be filled in; they lie beside the program.</summary>
internal static class ConfigTemplate
{
    /// <summary>Writes a template, filled in, and returns where it is.</summary>
    /// <param name="name">File name of the template, without <c>.template</c>.</param>
    /// <param name="directory">Where it is written.</param>
    /// <param name="values">Value by name.</param>
    public static string Write(string name, string directory, IReadOnlyDictionary<string, string> values)
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Peers", "Templates", name + ".template"));
        foreach ((string key, string value) in values)
        {
            text = text.Replace($"@{key}@", value, StringComparison.Ordinal);
        }

        string path = Path.Combine(directory, name);
        File.WriteAllText(path, text);
        return path;
    }
}
