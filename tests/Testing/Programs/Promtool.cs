using System.Diagnostics;

namespace S3Proxy.Testing.Programs;

/// <summary>The checker that comes with Prometheus, where it is installed. Immutable.</summary>
public sealed class Promtool
{
    private readonly InstalledProgram _program;

    private Promtool(InstalledProgram program) => _program = program;

    /// <summary>The one on PATH, or null.</summary>
    public static Promtool? Find() => InstalledProgram.Find("promtool", Environment.CurrentDirectory) is { } program ? new Promtool(program) : null;

    /// <summary>Parses and lints a scrape; tells the exit code and everything it printed.</summary>
    public async Task<(int ExitCode, string Complaints)> CheckMetricsAsync(ReadOnlyMemory<byte> scrape)
    {
        using Process process = _program.Start("check", "metrics");
        Task<string> printed = process.StandardOutput.ReadToEndAsync();
        Task<string> failed = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(scrape);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await printed + await failed);
    }
}
