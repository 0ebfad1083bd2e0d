using S3Proxy.Testing;
using S3Proxy.Testing.Programs;

namespace S3Proxy.ConformanceTests.Clients.Drivers;

/// <summary>The libraries that are driven by scripts, and what they need.</summary>
internal static class DriverScripts
{
    private static readonly string Folder = Repository.PathOf("tests/ConformanceTests/Clients/drivers");
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);

    public static ClientKind Boto3 { get; } = new()
    {
        Name = "boto3",
        Slug = "boto3",
        Missing = "boto3 is not installed for /usr/bin/python3 (Debian: python3-boto3)",
        FindVersionAsync = async home =>
        {
            if (FindPython(home) is not { } python)
            {
                return null;
            }

            ProgramResult version = await python.RunAsync("-c", "import boto3; print(boto3.__version__)");
            return version.Succeeded ? version.Output.Trim() : null;
        },
        OpenAsync = (access, home) => DriverClient.StartAsync(FindPython(home)!, Path.Combine(Folder, "boto3_client.py"), access),
    };

    public static ClientKind JavaScript { get; } = new()
    {
        Name = "AWS SDK for JavaScript",
        Slug = "javascript",
        Missing = "node is not installed, or its packages are neither there nor to be had (npm ci in tests/ConformanceTests/Clients/drivers/javascript)",
        FindVersionAsync = FindJavaScriptAsync,
        OpenAsync = (access, home) => DriverClient.StartAsync(Isolate(InstalledProgram.Find("node", home)!), Path.Combine(Folder, "javascript", "client.mjs"), access),
    };

    /// <summary>Debian's own Python: python3-boto3 is a package for that one.</summary>
    private static InstalledProgram? FindPython(string home) => InstalledProgram.FindIn(["/usr/bin"], "python3", home) is { } python ? Isolate(python) : null;

    /// <summary>Nothing of the machine's own configuration or roles.</summary>
    private static InstalledProgram Isolate(InstalledProgram program) => program.With("HOME", program.WorkingDirectory)
        .With("AWS_EC2_METADATA_DISABLED", "true").With("NODE_NO_WARNINGS", "1").With("NO_PROXY", "*");

    private static async Task<string?> FindJavaScriptAsync(string home)
    {
        string folder = Path.Combine(Folder, "javascript");
        if (InstalledProgram.Find("node", home) is not { } node || !await InstallAsync(folder))
        {
            return null;
        }

        string package = Path.Combine(folder, "node_modules/@aws-sdk/client-s3/package.json");
        ProgramResult version = await node.RunAsync("-p", $"require({System.Text.Json.JsonSerializer.Serialize(package)}).version");
        return version.Succeeded ? version.Output.Trim() : null;
    }

    /// <summary>Puts the packages of the lock file there, as CI does beforehand. False when that cannot be done.</summary>
    private static async Task<bool> InstallAsync(string folder)
    {
        if (Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            return true;
        }

        return InstalledProgram.Find("npm", folder) is { } npm
            && (await npm.WithLimit(InstallLimit).RunAsync("ci", "--ignore-scripts", "--no-audit", "--no-fund")).Succeeded;
    }
}
