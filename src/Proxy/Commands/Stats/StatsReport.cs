using System.Text.Json;
using S3Proxy.Commands.Printing;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace S3Proxy.Commands.Stats;

/// <summary>A look at a replica as tables.</summary>
/// <param name="screen">Where they go.</param>
/// <param name="rows">Rows of each list.</param>
/// <param name="time">The clock of the looks.</param>
internal sealed class StatsReport(Screen screen, int rows, TimeProvider time)
{
    /// <summary>The tables, with rates where there is an earlier look.</summary>
    public IRenderable[] Render(StatsLook look, StatsLook? before) =>
    [
        Screen.Heading($"s3proxy {Text(look.Overview, "version")}, {Text(look.Overview, "state")}, up {Figures.Seconds(Number(look.Overview, "uptimeSeconds"))}"),
        Summary(look, before),
        Screen.Heading("Buckets"),
        Buckets(look),
        Screen.Heading("Hot keys"),
        HotKeys(look),
    ];

    private Table Summary(StatsLook look, StatsLook? before)
    {
        JsonElement overview = look.Overview;
        return screen.Facts(
        [
            ("hit ratio", $"{Figures.Share(Number(overview, "requests", "hitRatio"))}, {Figures.Share(Number(overview, "requests", "savedRatio"))} with shared fetches"),
            ("reads", $"{Count(overview, "requests", "total")}{Rate(look, before, ["requests", "total"], value => Figures.Count(value) + "/s")}: {Outcomes(overview)}"),
            ("served", Bytes(overview, "served") + Rate(look, before, ["bytes", "served"], value => Figures.Bytes(value) + "/s")),
            ("from the origin", $"{Bytes(overview, "fromOrigin")}{Rate(look, before, ["bytes", "fromOrigin"], value => Figures.Bytes(value) + "/s")} in {Count(overview, "originRequests")} requests"),
            ("saved", $"{Count(overview, "requests", "saved")} requests, {Bytes(overview, "saved")}{Cost(overview)}"),
            ("first byte", $"p50 {Figures.Seconds(Number(overview, "latency", "firstByteSeconds", "p50"))}, p99 {Figures.Seconds(Number(overview, "latency", "firstByteSeconds", "p99"))}"),
            ("flights", $"{Count(overview, "flights", "live")} now, {Count(overview, "flights", "led")} led, {Count(overview, "flights", "joined")} joined"),
            ("memory", $"{Figures.Bytes(Number(overview, "memory", "usedBytes") ?? 0)} of {Figures.Bytes(Number(overview, "memory", "budgetBytes") ?? 0)}, {Count(overview, "memory", "objects")} objects, {Count(overview, "memory", "evictions")} evictions"),
        ]);
    }

    private Table Buckets(StatsLook look)
    {
        Table table = screen.NewTable("bucket", "#reads", "#bytes", "#reads saved", "#share", "#bytes saved");
        foreach (JsonElement bucket in look.Usage.GetProperty("buckets").EnumerateArray().Take(rows))
        {
            string name = Text(bucket, "bucket");
            double reads = Number(bucket, "requests") ?? 0;
            SavedSum saved = look.Saved.GetValueOrDefault(name);
            Screen.AddRow(
                table,
                name,
                Figures.Count(reads),
                Figures.Bytes(Number(bucket, "bytes") ?? 0),
                Figures.Count(saved.Requests),
                Figures.Share(reads > 0 ? saved.Requests / reads : null),
                Figures.Bytes(saved.Bytes));
        }

        return table;
    }

    private Table HotKeys(StatsLook look)
    {
        Table table = screen.NewTable("#hotness", "#reads", "#bytes", "object at its origin");
        foreach (JsonElement key in look.Usage.GetProperty("hotKeys").EnumerateArray().Take(rows))
        {
            Screen.AddRow(
                table,
                Figures.Count(Number(key, "hotness") ?? 0),
                Count(key, "requests"),
                Figures.Bytes(Number(key, "bytes") ?? 0),
                $"{Text(key, "origin")}: {Text(key, "bucket")}/{Text(key, "key")}");
        }

        return table;
    }

    private static string Outcomes(JsonElement overview) => string.Join(
        ", ",
        overview.GetProperty("requests").GetProperty("byOutcome").EnumerateObject().Where(outcome => outcome.Value.GetDouble() > 0).Select(outcome => $"{outcome.Name} {Figures.Count(outcome.Value.GetDouble())}"));

    private static string Cost(JsonElement overview) => overview.GetProperty("cost") is { ValueKind: JsonValueKind.Object } cost
        ? $", {cost.GetProperty("saved").GetDouble():N2} {cost.GetProperty("currency").GetString()}"
        : "";

    private string Rate(StatsLook look, StatsLook? before, string[] path, Func<double, string> format)
    {
        if (before is null || Number(look.Overview, path) is not { } now || Number(before.Overview, path) is not { } then)
        {
            return "";
        }

        double seconds = time.GetElapsedTime(before.At, look.At).TotalSeconds;

        // A process that was started anew counts from zero.
        return seconds > 0 && now >= then ? $" ({format((now - then) / seconds)})" : "";
    }

    private static string Count(JsonElement element, params string[] path) => Figures.Count(Number(element, path) ?? 0);

    private static string Bytes(JsonElement overview, string name) => Figures.Bytes(Number(overview, "bytes", name) ?? 0);

    private static string Text(JsonElement element, string name) => Printable.Of(element.GetProperty(name).GetString() ?? "");

    private static double? Number(JsonElement element, params string[] path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element.ValueKind == JsonValueKind.Number ? element.GetDouble() : null;
    }
}
