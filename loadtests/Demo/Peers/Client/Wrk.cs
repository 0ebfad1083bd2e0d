using System.Diagnostics;
using System.Globalization;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Servers;
using S3Proxy.Testing.Programs;

namespace S3Proxy.Demo.Peers.Client;

/// <summary>wrk: a closed loop that costs as little as can be, and compares nothing.</summary>
/// <param name="directory">Where its files are written.</param>
internal sealed class Wrk(string directory)
{
    private const string ResultPrefix = "result ";

    /// <summary>Bodies of which many are under way when the time is over; with hundreds of connections a whole lap may be.</summary>
    private const long LargeBodyBytes = 1 << 20;

    /// <summary>As many as processors: with fewer, the client's threads would be what all servers wait for, and hits of all of them would seem equally fast.</summary>
    private static readonly int Threads = Environment.ProcessorCount;

    /// <summary>Why it cannot be used; null when it can.</summary>
    public static string? FindMissing() => DebianProgram.FindMissing("wrk", "wrk");

    /// <summary>Asks for paths in turn.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="paths">With their queries.</param>
    /// <param name="bodyBytes">Size of each object. From 1 MiB on, answers are told by the bytes that came, so that those under way at the end count as far as they have come.</param>
    /// <param name="connections">Connections at once.</param>
    /// <param name="duration">Rounded up to whole seconds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProgramFailedException">It told nothing.</exception>
    public async Task<Outcome> RunAsync(Uri endpoint, IEnumerable<string> paths, long bodyBytes, int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        string pathsFile = Path.Combine(directory, "paths");
        await File.WriteAllLinesAsync(pathsFile, paths, cancellationToken);
        string script = ConfigTemplate.Write("wrk.lua", directory, new Dictionary<string, string> { ["PATHS"] = pathsFile });
        string[] arguments =
        [
            "-t", Text(Math.Min(Threads, connections)), "-c", Text(connections), "-d", Text((int)Math.Ceiling(duration.TotalSeconds)) + "s", "--timeout", "60s",
            "-s", script, endpoint.GetLeftPart(UriPartial.Authority),
        ];
        using Process process = DebianProgram.Find("wrk")!.Start(arguments);
        await using CancellationTokenRegistration kill = cancellationToken.Register(process.Kill);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        string? line = output.Split('\n').FirstOrDefault(text => text.StartsWith(ResultPrefix, StringComparison.Ordinal));
        return line is null
            ? throw new ProgramFailedException(new ProgramResult($"wrk {string.Join(' ', arguments)}", process.ExitCode, output, await errors))
            : Parse(line, bodyBytes);
    }

    private static Outcome Parse(string line, long bodyBytes)
    {
        // Requests, microseconds, bytes, microseconds at p50 and p99, errors.
        double[] fields = [.. line[ResultPrefix.Length..].Split(' ').Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
        long errors = (long)fields[5];
        double answers = bodyBytes >= LargeBodyBytes ? fields[2] / bodyBytes : fields[0];
        return new Outcome
        {
            Answers = (long)Math.Round(answers),
            RequestsPerSecond = fields[1] > 0 ? answers / fields[1] * 1e6 : 0,
            P50Milliseconds = fields[3] / 1000,
            P99Milliseconds = fields[4] / 1000,
            Errors = errors,
            FirstError = errors > 0 ? "told by wrk, which does not say what" : null,
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
