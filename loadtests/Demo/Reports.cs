using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Scenarios;
using Spectre.Console;

namespace S3Proxy.Demo;

/// <summary>Shows results as tables; plain text where the output is not a terminal.</summary>
internal static class Reports
{
    public static void Write(IAnsiConsole console, ScenarioResult result)
    {
        ReadSummary reads = result.Reads;
        Table table = NewTable();
        Add(table, "requests of clients", Count(reads.Reads));
        Add(table, "origin GETs", Count(result.OriginGets));
        Add(table, "other origin requests", Count(result.OriginRequests - result.OriginGets));
        Add(table, "bytes from the origin", ByteSize.Format(result.OriginBytes));
        Add(table, "bytes served", ByteSize.Format(reads.Bytes));
        Add(table, "bytes served per second", $"{ByteSize.Format((long)(reads.Bytes / result.Elapsed.TotalSeconds))}/s");
        Add(table, "time", string.Create(CultureInfo.InvariantCulture, $"{result.Elapsed.TotalSeconds:0.0} s"));
        Add(table, "time to first byte p50 / p99", $"{Milliseconds(reads.FirstByteP50)} / {Milliseconds(reads.FirstByteP99)}");
        Add(table, "x-cache MISS / COALESCED / HIT", $"{Count(reads.Misses)} / {Count(reads.Coalesced)} / {Count(reads.Hits)}");
        Add(table, "hit ratio", Share(reads.Hits, reads.Reads));
        Add(table, "answers with wrong bytes", Count(reads.Wrong));
        Add(table, "reads that failed", Count(reads.Failed));
        Add(table, "resident memory of the proxy", result.ProxyMemoryBytes is { } bytes ? ByteSize.Format(bytes) : "unknown");
        Add(table, "the same straight to the origin: GETs", Count(reads.Reads));
        Add(table, "the same straight to the origin: bytes", ByteSize.Format(result.Scenario.TotalBytes));
        console.Write(table);
        foreach (string fault in result.Faults)
        {
            console.MarkupLineInterpolated($"[red]FAULT: {fault}[/]");
        }
    }

    /// <summary>A herd against any endpoint, of which only the client's side is known.</summary>
    public static void Write(IAnsiConsole console, string title, ReadSummary reads, TimeSpan elapsed)
    {
        console.MarkupLineInterpolated($"[bold]{title}[/]");
        Table table = NewTable();
        Add(table, "reads", Count(reads.Reads));
        Add(table, "bytes", ByteSize.Format(reads.Bytes));
        Add(table, "bytes per second", $"{ByteSize.Format((long)(reads.Bytes / elapsed.TotalSeconds))}/s");
        Add(table, "time", string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.00} s"));
        Add(table, "time to first byte p50 / p99", $"{Milliseconds(reads.FirstByteP50)} / {Milliseconds(reads.FirstByteP99)}");
        Add(table, "x-cache MISS / COALESCED / HIT", $"{Count(reads.Misses)} / {Count(reads.Coalesced)} / {Count(reads.Hits)}");
        Add(table, "answers with wrong bytes", Count(reads.Wrong));
        Add(table, "reads that failed", Count(reads.Failed));
        console.Write(table);
        if (reads.FirstFailure is { } failure)
        {
            console.MarkupLineInterpolated($"[red]FAULT: the first failed read met: {failure}[/]");
        }
    }

    private static Table NewTable() => new Table { Border = TableBorder.Rounded }
        .AddColumn("measure")
        .AddColumn(new TableColumn("value").RightAligned());

    private static void Add(Table table, string measure, string value) => table.AddRow(Markup.Escape(measure), Markup.Escape(value));

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms");

    private static string Share(int part, int whole) =>
        whole == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");
}
