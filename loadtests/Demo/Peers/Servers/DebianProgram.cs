using S3Proxy.Testing.Programs;

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>A program from a Debian package; servers lie in directories that need not be on the path.</summary>
internal static class DebianProgram
{
    private static readonly string[] ServerDirectories = ["/usr/sbin", "/usr/local/sbin", "/sbin"];

    /// <summary>The program, or null.</summary>
    public static InstalledProgram? Find(string name) =>
        InstalledProgram.FindIn([.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator), .. ServerDirectories], name, Path.GetTempPath());

    /// <summary>Why a program cannot be used, with the package that has it; null when it can.</summary>
    public static string? FindMissing(string name, string package) =>
        Find(name) is null ? $"{name} is not installed (Debian: apt-get install {package})" : SupervisedProcess.FindMissing();

    /// <summary>The first line it prints about its version, on either stream.</summary>
    public static string VersionOf(string name, string option)
    {
        if (Find(name) is not { } program)
        {
            return "not installed";
        }

        ProgramResult result = program.RunAsync(option).GetAwaiter().GetResult();
        return (result.Error + result.Output).Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "unknown";
    }
}
