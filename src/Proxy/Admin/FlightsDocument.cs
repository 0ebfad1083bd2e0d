using System.Text.Json;
using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Configuration;
using S3Proxy.Fetching;

namespace S3Proxy.Admin;

/// <summary>What <c>/admin/flights</c> tells: the shared fetches of this moment, those with the most readers first (requirement O5). Thread-safe; waits for no fetch.</summary>
/// <remarks>Bounded: so many flights are looked at, and so many rows are told. Requests of mode <c>off</c> share nothing and are not among them.</remarks>
internal sealed class FlightsDocument(FlightTables tables, TimeProvider timeProvider)
{
    private const int MaxRows = 100;
    private const int MaxLooks = 10_000;

    /// <summary>Writes the flights as properties of the object that is open.</summary>
    public void Write(Utf8JsonWriter json)
    {
        List<Row> rows = [.. Asking().Concat(Running()).OrderByDescending(row => row.Readers).ThenByDescending(row => row.AgeSeconds)];
        json.WriteNumber("live", rows.Count);
        json.WriteNumber("readers", rows.Sum(row => row.Readers));
        json.WriteBoolean("isCut", rows.Count > MaxRows);
        json.WriteStartArray("flights");
        foreach (Row row in rows.Take(MaxRows))
        {
            json.WriteStartObject();
            json.WriteString("origin", OriginIdentity.NameOf(row.Id.Origin));
            json.WriteString("bucket", row.Id.Bucket);
            json.WriteString("key", row.Id.Key);
            json.WriteString("kind", row.Kind);
            json.WriteString("role", row.Role);
            json.WriteNumber("ageSeconds", Math.Round(row.AgeSeconds, 3));
            json.WriteNumber("readers", row.Readers);
            json.WriteNumber("firstByte", row.FirstByte);
            json.WriteNumber("doneBytes", row.DoneBytes);
            json.WriteNumber("totalBytes", row.TotalBytes);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Objects that the origin, or another replica, has been asked about and not told of yet.</summary>
    private IEnumerable<Row> Asking()
    {
        foreach (Flight<ObjectFlightKey, ObjectAnswer> flight in tables.Objects.InFlight.Take(MaxLooks))
        {
            if (!flight.TryGetResult(out _))
            {
                yield return new Row(flight.Key.Id, flight.Key.HeadersOnly ? "headers" : "object", "asking", AgeOf(flight.StartedAt), flight.Participants, 0, 0, 0);
            }
        }
    }

    /// <summary>Transfers, each once whatever the number of slices it brings.</summary>
    private IEnumerable<Row> Running()
    {
        HashSet<Run> runs = new(ReferenceEqualityComparer.Instance);
        foreach (Flight<SliceKey, Run> flight in tables.Slices.InFlight.Take(MaxLooks))
        {
            if (flight.TryGetResult(out Run? run) && runs.Add(run))
            {
                RunStatus status = run.Look();
                yield return new Row(
                    status.Version.Id, status.IsReadAhead ? "read-ahead" : "body", RoleOf(status.Source), AgeOf(status.StartedAt), status.Readers, status.FirstByte, status.DoneBytes, status.TotalBytes);
            }
        }
    }

    private static string RoleOf(SliceOrigin? source) => source switch
    {
        null => "asking",
        SliceOrigin.Joined => "follower",
        SliceOrigin.Kept => "redis",
        _ => "leader",
    };

    private double AgeOf(long startedAt) => startedAt == 0 ? 0 : timeProvider.GetElapsedTime(startedAt).TotalSeconds;

    private readonly record struct Row(ObjectId Id, string Kind, string Role, double AgeSeconds, int Readers, long FirstByte, long DoneBytes, long TotalBytes);
}
