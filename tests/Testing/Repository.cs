namespace S3Proxy.Testing;

/// <summary>Files of the repository that tests run in. Thread-safe.</summary>
public static class Repository
{
    private static readonly string Root = FindRoot();

    /// <summary>Absolute path of a file or folder; of the repository itself when <paramref name="relative"/> is empty.</summary>
    /// <param name="relative">Its path in the repository, with slashes.</param>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        string? directory = AppContext.BaseDirectory;
        while (directory is not null && !File.Exists(Path.Combine(directory, "S3Proxy.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new DirectoryNotFoundException("The tests must run inside the repository.");
    }
}
