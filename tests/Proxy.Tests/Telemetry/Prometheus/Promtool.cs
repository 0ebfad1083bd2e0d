using System.Diagnostics;

namespace S3Proxy.Tests.Telemetry.Prometheus;

/// <summary>The checker that comes with Prometheus, where it is installed.</summary>
internal sealed class Promtool
{
    private readonly string _path;

    private Promtool(string path) => _path = path;

    /// <summary>The one on PATH, or null.</summary>
    public static Promtool? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, "promtool"))
        .FirstOrDefault(File.Exists) is { } path ? new Promtool(path) : null;

    /// <summary>Parses and lints a scrape; tells the exit code and everything it printed.</summary>
    public async Task<(int ExitCode, string Complaints)> CheckMetricsAsync(byte[] scrape)
    {
        ProcessStartInfo start = new(_path)
        {
            ArgumentList = { "check", "metrics" },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> printed = process.StandardOutput.ReadToEndAsync();
        Task<string> failed = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(scrape);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await printed + await failed);
    }
}
