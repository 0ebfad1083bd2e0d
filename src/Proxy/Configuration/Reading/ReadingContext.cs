namespace S3Proxy.Configuration.Reading;

/// <summary>What the readers of one load share.</summary>
/// <param name="Errors">Where they add what is wrong.</param>
/// <param name="Environment">Variables that secrets may come from.</param>
/// <param name="Directory">Where relative paths start.</param>
/// <param name="Files">Where they note the files they have read, or tried to.</param>
internal sealed record ReadingContext(List<ConfigurationError> Errors, IReadOnlyDictionary<string, string> Environment, string Directory, ConfigurationFiles Files)
{
    /// <summary>The bytes of a file that a key names, noted.</summary>
    /// <param name="setting">The key, whose value is the path.</param>
    /// <param name="maxBytes">Largest file that is read.</param>
    /// <exception cref="Exception">One that <see cref="BoundedFile.IsExpected"/> knows.</exception>
    public byte[] ReadFile(Setting setting, int maxBytes)
    {
        string path = PathOf(setting);
        byte[]? bytes = null;
        try
        {
            bytes = BoundedFile.ReadBytes(path, ConfigurationLoader.MaxFileBytes);
            return bytes.Length <= maxBytes ? bytes : throw new InvalidDataException($"it is larger than {maxBytes >> 10} KiB");
        }
        finally
        {
            Files.Add(setting, path, bytes);
        }
    }

    /// <summary>The whole path that a key names.</summary>
    public string PathOf(Setting setting) => Path.GetFullPath(Path.Combine(Directory, setting.Text!));
}
