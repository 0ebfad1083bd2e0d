using S3Proxy.Configuration.Reading;
using S3Proxy.Configuration.Schema;
using S3Proxy.Configuration.Yaml;

namespace S3Proxy.Configuration;

/// <summary>
/// Loads the YAML configuration: reads it, applies overrides from the environment, checks every key, and builds the immutable snapshot
/// (requirement O1). All errors are found in one go, none is thrown, and none holds a secret. Thread-safe.
/// </summary>
internal static class ConfigurationLoader
{
    /// <summary>Largest configuration read, 1 MiB.</summary>
    internal const int MaxFileBytes = 1 << 20;

    /// <summary>Loads a configuration file. One that cannot be read is an error like any other.</summary>
    /// <param name="path">The file.</param>
    /// <param name="environment">Variables for overrides (<c>S3PROXY__…</c>) and for secrets.</param>
    public static ConfigurationResult LoadFile(string path, IReadOnlyDictionary<string, string> environment)
    {
        ConfigurationFiles files = new();
        byte[]? bytes = null;
        try
        {
            bytes = BoundedFile.ReadBytes(path, MaxFileBytes);
            return Load(BoundedFile.TextOf(bytes), path, environment, files);
        }
        catch (Exception refused) when (BoundedFile.IsExpected(refused))
        {
            return ConfigurationResult.Refused([Place.Start.Error("", $"the file cannot be read: {BoundedFile.Describe(refused)}")], new ConfigurationSource(null, files));
        }
        finally
        {
            files.AddRoot(path, bytes);
        }
    }

    /// <summary>Loads a configuration.</summary>
    /// <param name="yaml">Its text.</param>
    /// <param name="fileName">The file it came from; relative paths inside start at its directory.</param>
    /// <param name="environment">Variables for overrides (<c>S3PROXY__…</c>) and for secrets.</param>
    public static ConfigurationResult Load(string yaml, string fileName, IReadOnlyDictionary<string, string> environment) =>
        Load(yaml, fileName, environment, new ConfigurationFiles());

    private static ConfigurationResult Load(string yaml, string fileName, IReadOnlyDictionary<string, string> environment, ConfigurationFiles files)
    {
        List<ConfigurationError> errors = [];
        YamlNode? tree = YamlTreeReader.TryRead(yaml, errors);
        if (tree is null)
        {
            return ConfigurationResult.Refused(errors, new ConfigurationSource(null, files));
        }

        if (tree is not YamlMapping root)
        {
            errors.Add(tree.Place.Error("", $"must be a mapping with the keys {string.Join(", ", SchemaNode.Root.ChildNames)}"));
            return ConfigurationResult.Refused(errors, new ConfigurationSource(null, files));
        }

        EnvironmentOverrides.Apply(root, environment, errors);
        new SchemaCheck(errors).Check(root);
        ProxyConfiguration configuration = ConfigurationReader.Read(root, new ReadingContext(errors, environment, DirectoryOf(fileName), files));
        ConfigurationSource source = new(root, files);
        return errors.Count == 0
            ? ConfigurationResult.Of(configuration, source)
            : ConfigurationResult.Refused([.. errors.OrderBy(error => error.Variable is not null).ThenBy(error => error.Line).ThenBy(error => error.Column)], source);
    }

    private static string DirectoryOf(string fileName) => Path.GetDirectoryName(fileName) ?? "";
}
