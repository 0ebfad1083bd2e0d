using System.Globalization;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Servers;
using S3Proxy.Reporting;
using S3Proxy.Testing.Programs;

namespace S3Proxy.Demo.Peers.Client;

/// <summary>h2load of nghttp2: a closed loop over HTTP/2, which compares nothing.</summary>
/// <param name="directory">Where its files are written.</param>
internal sealed class H2Load(string directory)
{
    public const string Package = "nghttp2-client";

    private const string Program = "h2load";
    private const int GoodStatus = 200;

    /// <summary>Why it cannot be used; null when it can.</summary>
    public static string? FindMissing() => DebianProgram.FindMissing(Program, Package);

    /// <summary>Asks for paths in turn.</summary>
    /// <param name="endpoint">The server; its certificate is not looked at.</param>
    /// <param name="paths">With their queries.</param>
    /// <param name="connections">Connections at once.</param>
    /// <param name="streams">Requests at once on each of them.</param>
    /// <param name="duration">Rounded up to whole seconds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProgramFailedException">It told nothing.</exception>
    public async Task<Outcome> RunAsync(Uri endpoint, IEnumerable<string> paths, int connections, int streams, TimeSpan duration, CancellationToken cancellationToken)
    {
        string uris = Path.Combine(directory, "uris");
        await File.WriteAllLinesAsync(uris, paths.Select(path => new Uri(endpoint, path).AbsoluteUri), cancellationToken);
        string log = Path.Combine(directory, "h2load.log");
        File.Delete(log);
        int seconds = (int)Math.Ceiling(duration.TotalSeconds);
        ProgramResult result = await DebianProgram.Find(Program)!.WithLimit(duration + TimeSpan.FromMinutes(1)).RunAsync(
            "-t", "1", "-c", Text(connections), "-m", Text(streams), "-D", Text(seconds), "-i", uris, "--log-file=" + log);
        cancellationToken.ThrowIfCancellationRequested();
        return result.Succeeded && File.Exists(log) ? Parse(File.ReadLines(log), seconds) : throw new ProgramFailedException(result);
    }

    /// <summary>Each line has the time at which a request began, its status, and how long it took, both in microseconds.</summary>
    internal static Outcome Parse(IEnumerable<string> lines, int seconds)
    {
        List<double> milliseconds = [];
        long errors = 0;
        string? firstError = null;
        foreach (string[] fields in lines.Select(line => line.Split('\t')))
        {
            int status = int.Parse(fields[1], CultureInfo.InvariantCulture);
            if (status == GoodStatus)
            {
                milliseconds.Add(double.Parse(fields[2], CultureInfo.InvariantCulture) / 1000);
            }
            else
            {
                errors++;
                firstError ??= string.Create(CultureInfo.InvariantCulture, $"status {status}");
            }
        }

        return new Outcome
        {
            Answers = milliseconds.Count,
            RequestsPerSecond = milliseconds.Count / (double)seconds,
            P50Milliseconds = Quantiles.Of([.. milliseconds], 0.5),
            P99Milliseconds = Quantiles.Of([.. milliseconds], 0.99),
            Errors = errors,
            FirstError = firstError,
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
