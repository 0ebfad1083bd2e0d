using S3Proxy.Testing.Programs;

namespace S3Proxy.ConformanceTests.Clients.CommandLine;

/// <summary>The command-line clients of Debian's packages.</summary>
internal static class CommandLineKinds
{
    public static ClientKind AwsCli { get; } = new()
    {
        Name = "aws CLI",
        Slug = "aws",
        Missing = "aws is not installed (Debian: awscli)",
        FindVersionAsync = async home => Find("aws", home) is { } aws && await aws.RunAsync("--version") is { Succeeded: true } version
            ? version.Output.Split('/', ' ')[1]
            : null,
        OpenAsync = (access, home) => Task.FromResult<IMatrixClient>(new AwsCliClient(Find("aws", home)!, access)),
    };

    public static ClientKind S3cmd { get; } = new()
    {
        Name = "s3cmd",
        Slug = "s3cmd",
        Missing = "s3cmd is not installed (Debian: s3cmd)",
        FindVersionAsync = async home => Find("s3cmd", home) is { } s3cmd && await s3cmd.RunAsync("--version") is { Succeeded: true } version
            ? version.Output.Split(' ')[^1].Trim()
            : null,
        OpenAsync = (access, home) => Task.FromResult<IMatrixClient>(new S3cmdClient(Find("s3cmd", home)!, access)),
    };

    public static ClientKind Rclone { get; } = new()
    {
        Name = "rclone",
        Slug = "rclone",
        Missing = "rclone is not installed (Debian: rclone)",
        FindVersionAsync = async home => Find("rclone", home) is { } rclone && await rclone.RunAsync("version") is { Succeeded: true } version
            ? version.Output.Split(' ', '\n')[1].TrimStart('v')
            : null,
        OpenAsync = (access, home) => Task.FromResult<IMatrixClient>(new RcloneClient(Find("rclone", home)!, access)),
    };

    public static ClientKind S3fs { get; } = new()
    {
        Name = "s3fs",
        Slug = "s3fs",
        Missing = "s3fs is not installed (Debian: s3fs), or there is no /dev/fuse that this user may open",
        FindVersionAsync = async home => CanMount() && Find("s3fs", home) is { } s3fs && await s3fs.RunAsync("--version") is { Succeeded: true } version
            ? version.Output.Split('\n')[0].Split(" V")[^1].Split(' ')[0]
            : null,
        OpenAsync = async (access, home) => await S3fsClient.MountAsync(Find("s3fs", home)!, access),
    };

    /// <summary>Debian's program before any other of the name, with nothing of this machine's own configuration.</summary>
    private static InstalledProgram? Find(string name, string home)
    {
        InstalledProgram? program = InstalledProgram.FindIn(["/usr/bin"], name, home) ?? InstalledProgram.Find(name, home);
        return program?.With("HOME", home).With("LC_ALL", "C.UTF-8").With("NO_PROXY", "*").With("AWS_CA_BUNDLE", null).With("AWS_PROFILE", null);
    }

    private static bool CanMount()
    {
        try
        {
            using FileStream device = File.Open("/dev/fuse", FileMode.Open, FileAccess.ReadWrite);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
