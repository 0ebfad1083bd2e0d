using System.Security.Cryptography;
using S3Proxy.Configuration.Reading;

namespace S3Proxy.Configuration;

/// <summary>
/// The files that a configuration was read from, itself and those it names, with digests of what they held: so that it is seen when one of them changes. Written by one load, then only read.
/// </summary>
internal sealed class ConfigurationFiles
{
    private readonly Dictionary<string, ReadFile> _files = new(StringComparer.Ordinal);

    /// <summary>The files by their whole paths.</summary>
    public IReadOnlyDictionary<string, ReadFile> All => _files;

    /// <summary>What is compared to see whether a file has changed; null for one that cannot be read.</summary>
    public static string? DigestOf(byte[]? bytes) => bytes is null ? null : Convert.ToHexString(SHA256.HashData(bytes));

    /// <summary>Notes the configuration file itself.</summary>
    public void AddRoot(string path, byte[]? bytes) => _files[path] = new ReadFile(DigestOf(bytes), []);

    /// <summary>Notes a file that a key names; <paramref name="bytes"/> is null when it could not be read.</summary>
    public void Add(Setting setting, string path, byte[]? bytes)
    {
        if (!_files.TryGetValue(path, out ReadFile? file))
        {
            _files[path] = file = new ReadFile(DigestOf(bytes), []);
        }

        file.Keys.Add(setting);
    }

    /// <summary>The paths whose content is not the same here and in <paramref name="other"/>, of those that both know.</summary>
    public IEnumerable<string> Differing(ConfigurationFiles other) =>
        _files.Where(file => other._files.TryGetValue(file.Key, out ReadFile? known) && known.Digest != file.Value.Digest).Select(file => file.Key);

    /// <summary>A file and the keys that name it; none for the configuration itself.</summary>
    /// <param name="Digest">Null when it could not be read.</param>
    /// <param name="Keys">The keys.</param>
    internal sealed record ReadFile(string? Digest, List<Setting> Keys);
}
