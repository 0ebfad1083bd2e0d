using System.Diagnostics;

namespace S3Proxy.Demo.Peers;

/// <summary>Installs what is missing, where that can be done.</summary>
internal static class DebianPackages
{
    private static readonly string[] AptGet = ["-y", "-qq", "--no-install-recommends", "install"];

    /// <summary>Installs packages with apt-get; says so, or why not.</summary>
    /// <returns>Whether apt-get was run and succeeded.</returns>
    public static async Task<bool> InstallAsync(IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        if (!File.Exists("/usr/bin/apt-get"))
        {
            await Console.Error.WriteLineAsync($"Not a Debian system: going on without {string.Join(", ", packages)}.");
            return false;
        }

        if (!Environment.IsPrivilegedProcess)
        {
            await Console.Error.WriteLineAsync($"Not root: going on without {string.Join(", ", packages)}. To install: apt-get install {string.Join(' ', packages)}");
            return false;
        }

        await Console.Error.WriteLineAsync($"Installing {string.Join(", ", packages)}");
        bool isInstalled = await RunAsync(["-qq", "update"], cancellationToken) && await RunAsync([.. AptGet, .. packages], cancellationToken);
        if (!isInstalled)
        {
            await Console.Error.WriteLineAsync($"Not all of {string.Join(", ", packages)} could be installed; going on without.");
        }

        return isInstalled;
    }

    private static async Task<bool> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new("/usr/bin/apt-get", arguments) { RedirectStandardOutput = true };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        await Console.Error.WriteAsync(output);
        return process.ExitCode == 0;
    }
}
