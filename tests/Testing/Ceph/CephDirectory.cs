using System.Globalization;

namespace S3Proxy.Testing.Ceph;

/// <summary>The temporary directory of one cluster: configuration, monitor data, sockets and logs. Deleted at the end.</summary>
internal sealed class CephDirectory : IDisposable
{
    private const int LinesShown = 5;

    /// <summary>Directly below /tmp: the paths of Unix sockets in it may not exceed 107 bytes.</summary>
    public CephDirectory() => Path = Directory.CreateTempSubdirectory("s3proxy-ceph-").FullName;

    public string Path { get; }

    public string ConfigurationFile => InDirectory("ceph.conf");

    public string MonitorMap => InDirectory("monmap");

    public string MonitorData => InDirectory("mon");

    public string StoreData => InDirectory("osd");

    /// <summary>What a program printed.</summary>
    public string OutputOf(string name) => InDirectory($"{name}.out");

    /// <summary>The last lines of every log, for people who look for the reason of a failure.</summary>
    public string DescribeLogs()
    {
        var logs = Directory.EnumerateFiles(Path).Where(file => file.EndsWith(".out", StringComparison.Ordinal) || file.EndsWith(".log", StringComparison.Ordinal));
        return string.Join('\n', logs.Order(StringComparer.Ordinal).Select(file =>
            string.Create(CultureInfo.InvariantCulture, $"{System.IO.Path.GetFileName(file)}:\n  {string.Join("\n  ", File.ReadLines(file).TakeLast(LinesShown))}")));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string InDirectory(string name) => System.IO.Path.Combine(Path, name);
}
