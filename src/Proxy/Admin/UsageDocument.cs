using System.Text.Json;
using S3Proxy.Caching;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Configuration;
using S3Proxy.Telemetry;

namespace S3Proxy.Admin;

/// <summary>What <c>/admin/stats</c> tells: reads and bytes by bucket and by client, and the hottest objects, as JSON (requirement K2).</summary>
/// <remarks>
/// Thread-safe. Bounded: lists are cut at <see cref="MaxRows"/>, keys have at most 1,024 bytes. Everything is counted since the process started;
/// hotness alone ages.
/// </remarks>
internal sealed class UsageDocument(UsageStatistics<ObjectId, UsageTenant> usage)
{
    /// <summary>Rows in each list.</summary>
    private const int MaxRows = 50;

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>The document of this moment, UTF-8.</summary>
    public byte[] Write()
    {
        UsageSnapshot<ObjectId, UsageTenant> snapshot = usage.Read(MaxRows);
        using MemoryStream body = new();
        using (Utf8JsonWriter json = new(body, Indented))
        {
            json.WriteStartObject();
            WriteUsage(json, "total", snapshot.Total);
            WriteTotals(json, "buckets", "bucket", snapshot, tenant => tenant.Bucket);
            WriteTotals(json, "clients", "client", snapshot, tenant => tenant.Client);
            WriteHotKeys(json, snapshot.HotKeys);
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    /// <summary>The most used names; those that found no room, here or in the statistics, are told together as "other".</summary>
    private static void WriteTotals(
        Utf8JsonWriter json, string list, string label, UsageSnapshot<ObjectId, UsageTenant> snapshot, Func<UsageTenant, string> nameOf)
    {
        (string Name, Usage Usage)[] names =
        [
            .. snapshot.Tenants.GroupBy(entry => nameOf(entry.Key), entry => entry.Value, StringComparer.Ordinal)
                .Select(group => (Name: group.Key, Usage: group.Aggregate((sum, one) => sum + one)))
                .OrderByDescending(entry => entry.Usage.Requests).ThenBy(entry => entry.Name, StringComparer.Ordinal),
        ];
        json.WriteStartArray(list);
        foreach ((string name, Usage sum) in names.Take(MaxRows))
        {
            json.WriteStartObject();
            json.WriteString(label, name);
            WriteFields(json, sum);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteUsage(json, "other" + char.ToUpperInvariant(list[0]) + list[1..], names.Skip(MaxRows).Aggregate(snapshot.OtherTenants, (sum, entry) => sum + entry.Usage));
    }

    private static void WriteHotKeys(Utf8JsonWriter json, IReadOnlyList<HotKey<ObjectId>> keys)
    {
        json.WriteStartArray("hotKeys");
        foreach (HotKey<ObjectId> key in keys)
        {
            json.WriteStartObject();
            json.WriteString("origin", OriginIdentity.NameOf(key.Key.Origin));
            json.WriteString("bucket", key.Key.Bucket);
            json.WriteString("key", key.Key.Key);
            json.WriteNumber("hotness", Math.Round(key.Hotness, 3));
            json.WriteNumber("hotnessError", Math.Round(key.HotnessError, 3));
            WriteFields(json, key.Seen);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter json, string name, Usage sum)
    {
        json.WriteStartObject(name);
        WriteFields(json, sum);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, Usage sum)
    {
        json.WriteNumber("requests", sum.Requests);
        json.WriteNumber("bytes", sum.Bytes);
    }
}
