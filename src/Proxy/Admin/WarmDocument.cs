using System.Text.Json;
using S3Proxy.Warming;

namespace S3Proxy.Admin;

/// <summary>A warm-up as JSON.</summary>
internal static class WarmDocument
{
    /// <summary>Writes what was asked for and how far it has come, as properties of the object that is open.</summary>
    public static void Write(Utf8JsonWriter json, WarmJob job)
    {
        WarmProgress progress = job.Look();
        json.WriteString("id", job.Id);
        json.WriteString("state", progress.State.ToString().ToLowerInvariant());
        json.WriteString("message", progress.Message);
        json.WriteString("bucket", job.Request.Bucket.Value);
        if (job.KeyCount is { } keys)
        {
            json.WriteNumber("keys", keys);
        }
        else
        {
            json.WriteString("prefix", job.Request.Prefix);
        }

        json.WriteNumber("concurrency", job.Request.Concurrency);
        WriteNumber(json, "maxBytes", job.Request.MaxBytes);
        json.WriteStartObject("objects");
        json.WriteNumber("found", progress.Found);
        json.WriteBoolean("listed", progress.IsListed);
        json.WriteNumber("done", progress.Loaded + progress.WereHere + progress.Failed);
        json.WriteNumber("loaded", progress.Loaded);
        json.WriteNumber("alreadyHere", progress.WereHere);
        json.WriteNumber("failed", progress.Failed);
        json.WriteEndObject();
        json.WriteStartObject("bytes");
        WriteNumber(json, "found", progress.FoundBytes);
        json.WriteNumber("loaded", progress.LoadedBytes);
        json.WriteEndObject();
        json.WriteStartArray("failures");
        foreach (WarmFailure failure in progress.Failures)
        {
            json.WriteStartObject();
            json.WriteString("key", failure.Key);
            json.WriteString("reason", failure.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("created", progress.CreatedAt);
        WriteTime(json, "started", progress.StartedAt);
        WriteTime(json, "ended", progress.EndedAt);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known)
        {
            json.WriteNumber(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
