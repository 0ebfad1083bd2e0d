using System.Globalization;
using System.Text;
using S3Proxy.ConformanceTests.Differential.Reads;
using S3Proxy.ConformanceTests.Differential.Writes;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>The generated part of docs/conformance.md: what is compared, and what differs for which reason.</summary>
internal static class ConformanceDocument
{
    public const string Begin = "<!-- generated: begin -->";
    public const string End = "<!-- generated: end -->";

    public static string Generate()
    {
        StringBuilder text = new();
        text.Append("## What is compared\n\n| table | requests |\n|---|---:|\n");
        foreach (var (group, cases) in ReadTables.All)
        {
            AppendRow(text, group, cases.Count);
        }

        foreach (var (group, scenarios) in WriteScenarios.All)
        {
            AppendRow(text, $"{group}: {string.Join(", ", scenarios.Select(scenario => scenario.Name))}", scenarios.Sum(scenario => scenario.Calls.Count));
        }

        AppendRow(text, "**all**", ReadTables.All.Values.Sum(cases => cases.Count) + WriteScenarios.All.Values.SelectMany(group => group).Sum(scenario => scenario.Calls.Count));
        text.Append("\n## What differs\n\n| difference | reason | shows in |\n|---|---|---|\n");
        foreach (KnownDifference known in KnownDifferences.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {known.Name} | {known.Reason} | {string.Join(", ", known.Groups)} |\n");
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, string group, int requests) => text.Append(CultureInfo.InvariantCulture, $"| {group} | {requests} |\n");
}
