using System.Text.Json;
using S3Proxy.Commands.Asking;

namespace S3Proxy.Commands.Stats;

/// <summary>What a replica told of itself at one moment. Immutable.</summary>
/// <param name="At">The moment, by the clock of the command.</param>
/// <param name="Overview">The document of <c>/admin/overview</c>.</param>
/// <param name="Usage">The document of <c>/admin/stats</c>.</param>
/// <param name="Saved">Reads and bytes that the origin was spared, by bucket.</param>
internal sealed record StatsLook(long At, JsonElement Overview, JsonElement Usage, IReadOnlyDictionary<string, SavedSum> Saved)
{
    /// <summary>Asks the replica.</summary>
    /// <exception cref="CommandException">There was no answer, or none that helps.</exception>
    public static async Task<StatsLook> TakeAsync(AdminClient admin, CancellationToken cancellationToken)
    {
        Task<JsonElement> overview = admin.GetAsync("/admin/overview", cancellationToken);
        Task<JsonElement> usage = admin.GetAsync("/admin/stats", cancellationToken);
        Task<string> metrics = admin.GetTextAsync("/metrics", cancellationToken);
        await Task.WhenAll(overview, usage, metrics);
        return new StatsLook(admin.Time.GetTimestamp(), await overview, await usage, SavedSum.ByBucket(await metrics));
    }

    /// <summary>Writes it as properties of the object that is open.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WritePropertyName("overview");
        Overview.WriteTo(json);
        json.WritePropertyName("usage");
        Usage.WriteTo(json);
        json.WriteStartArray("saved");
        foreach ((string bucket, SavedSum sum) in Saved.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            json.WriteStartObject();
            json.WriteString("bucket", bucket);
            json.WriteNumber("requests", sum.Requests);
            json.WriteNumber("bytes", sum.Bytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
