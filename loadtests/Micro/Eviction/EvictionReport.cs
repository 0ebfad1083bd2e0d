using System.Globalization;
using System.Text;
using System.Text.Json;

namespace S3Proxy.Micro.Eviction;

/// <summary>Writes what was replayed: every sample as JSON, tables as Markdown, hit ratios as a chart.</summary>
internal sealed class EvictionReport(IReadOnlyList<(string Name, string What)> traces, IReadOnlyList<ReplaySample> samples)
{
    private const string Name = "eviction-2026-11-22";
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Policies in the order of the tables, the bound last.</summary>
    public static IReadOnlyList<string> Policies { get; } = [.. ReplayedPolicy.All.Select(policy => policy.Name), ClairvoyantReplay.Name];

    public IReadOnlyList<(string Name, string What)> Traces => traces;

    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, Name);
        File.WriteAllText(path + ".json", JsonSerializer.Serialize(new { traces = traces.Select(trace => new { trace.Name, trace.What }), samples }, Json) + "\n");
        File.WriteAllText(path + ".md", Markdown());
        File.WriteAllText(path + ".svg", EvictionChart.Draw(this));
        Console.WriteLine(Markdown());
        Console.WriteLine($"written: {path}.md, .json, .svg");
    }

    public double Of(string trace, string policy, double share, Func<ReplaySample, double> value) =>
        value(samples.Single(sample => sample.Trace == trace && sample.Policy == policy && sample.CacheShare == share));

    public double Mean(string policy, Func<ReplaySample, double> value) => samples.Where(sample => sample.Policy == policy).Average(value);

    private string Markdown()
    {
        StringBuilder text = new();
        text.AppendLine("# Eviction: what each policy makes of the same requests, 2026-11-22").AppendLine();
        text.AppendLine("""
            Made by `dotnet run -c Release --project loadtests/Micro -- eviction-replay`: 2 million requests a trace from a fixed seed, so every run gives the same figures. The first
            tenth fills the cache and is not counted. The policies are asked as the memory tier asks them, through its `IEvictionPolicy`; the shipped one is the product's own class.
            The size of the cache is a share of the bytes of all objects of the trace. No public trace could be had where this was made: all of these are synthetic.

            ![Hit ratios](eviction-2026-11-22.svg)

            | trace | what it stands for |
            |---|---|
            """);
        foreach ((string name, string what) in traces)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {what} |");
        }

        text.AppendLine();
        foreach (double share in EvictionReplay.CacheShares)
        {
            Table(text, string.Create(CultureInfo.InvariantCulture, $"Hit ratio by requests, cache of {share:P0}"), share, sample => sample.HitRatio);
        }

        foreach (double share in EvictionReplay.CacheShares)
        {
            Table(text, string.Create(CultureInfo.InvariantCulture, $"Hit ratio by bytes, cache of {share:P0} (traces whose objects differ in size)"), share, sample => sample.ByteHitRatio, "sizes");
        }

        text.AppendLine("## Means over all traces and sizes").AppendLine().AppendLine("| policy | by requests | by bytes | ns a request of the replay |").AppendLine("|---|---:|---:|---:|");
        foreach (string policy in Policies)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {policy} | {Mean(policy, sample => sample.HitRatio):P1} | {Mean(policy, sample => sample.ByteHitRatio):P1} | {Mean(policy, sample => sample.NanosecondsPerRequest):F0} |");
        }

        return text.ToString();
    }

    private void Table(StringBuilder text, string title, double share, Func<ReplaySample, double> value, string beginning = "")
    {
        text.AppendLine(CultureInfo.InvariantCulture, $"## {title}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"| trace | {string.Join(" | ", Policies)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(Policies.Select(_ => "---:|"))}");
        foreach ((string name, _) in traces.Where(trace => trace.Name.StartsWith(beginning, StringComparison.Ordinal)))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {string.Join(" | ", Policies.Select(policy => Of(name, policy, share, value).ToString("P1", CultureInfo.InvariantCulture)))} |");
        }

        text.AppendLine();
    }
}
