using System.Text.RegularExpressions;

namespace S3Proxy.Configuration.Yaml;

/// <summary>Writes paths of keys for messages: <c>origins.main.endpoints[0]</c>.</summary>
internal static partial class KeyPaths
{
    public static string Child(string path, string key)
    {
        string name = IsPlain().IsMatch(key) ? key : "?";
        return path.Length == 0 ? name : $"{path}.{name}";
    }

    /// <summary>
    /// A key in quotes with a space before it; nothing for what may be a secret that lost its key, such as the one in <c>{ secretAccessKey s3cr3t }</c>.
    /// </summary>
    public static string Quote(string key) => IsPlain().IsMatch(key) ? $" '{key}'" : "";

    // Every known key and every bucket or origin name matches; '*' stands for the default bucket.
    [GeneratedRegex(@"\A([a-zA-Z]{1,32}|[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}|\*)\z")]
    private static partial Regex IsPlain();
}
