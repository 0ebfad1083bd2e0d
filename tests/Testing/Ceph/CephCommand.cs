using System.Diagnostics;

namespace S3Proxy.Testing.Ceph;

/// <summary>Runs the cluster's tools, which come and go, one at a time.</summary>
internal static class CephCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Runs a tool to its end.</summary>
    /// <exception cref="RadosGatewayException">It failed or took too long; the message has what it printed.</exception>
    public static async Task RunAsync(CephDirectory directory, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory.Path,
        };
        start.Environment["CEPH_CONF"] = directory.ConfigurationFile;
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = new(Limit);
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
            string output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0)
            {
                throw new RadosGatewayException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {output}{await error}");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new RadosGatewayException($"{program} {string.Join(' ', arguments)} took longer than {Limit}.");
        }
    }
}
