using System.Text.Json;
using S3Proxy.Protocol;

namespace S3Proxy.Admin;

/// <summary>What a purge names, in clients' names. Immutable.</summary>
/// <param name="Bucket">Null for all buckets.</param>
/// <param name="Key">One object; null for several.</param>
/// <param name="Prefix">What keys begin with; empty for all.</param>
internal sealed record PurgeTarget(BucketName? Bucket, ObjectKey? Key, string Prefix)
{
    /// <summary>Null, with the problem as a sentence, for what names nothing or too much: nothing is purged by mistake.</summary>
    public static PurgeTarget? TryParse(ReadOnlyMemory<byte> body, out string problem)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return TryRead(document.RootElement, out problem);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not UTF-8 once it is unescaped.
            problem = "The body is not JSON.";
            return null;
        }
    }

    private static PurgeTarget? TryRead(JsonElement root, out string problem)
    {
        string? bucketText = null;
        string? keyText = null;
        string? prefix = null;
        bool all = false;
        problem = "The body is not a JSON object of text fields.";
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (JsonProperty property in root.EnumerateObject())
        {
            switch (property.Name, property.Value.ValueKind)
            {
                case ("bucket", JsonValueKind.String):
                    bucketText = property.Value.GetString();
                    break;
                case ("key", JsonValueKind.String):
                    keyText = property.Value.GetString();
                    break;
                case ("prefix", JsonValueKind.String):
                    prefix = property.Value.GetString();
                    break;
                case ("all", JsonValueKind.True):
                    all = true;
                    break;
                default:
                    problem = $"The field {property.Name} is unknown or has the wrong type.";
                    return null;
            }
        }

        return Check(bucketText, keyText, prefix, all, out problem);
    }

    private static PurgeTarget? Check(string? bucketText, string? keyText, string? prefix, bool all, out string problem)
    {
        problem = "";
        if (all && bucketText is null && keyText is null && prefix is null)
        {
            return new PurgeTarget(null, null, "");
        }

        ObjectKey key = default;
        if (all || !BucketName.TryParse(bucketText, out BucketName bucket))
        {
            problem = all ? "\"all\" goes with nothing else." : "It names no bucket, or one that cannot be.";
        }
        else if (keyText is not null && prefix is not null)
        {
            problem = "It names a key and a prefix.";
        }
        else if (keyText is not null && !ObjectKey.TryParse(keyText, out key))
        {
            problem = "The key has 1 to 1,024 bytes of UTF-8.";
        }
        else if (prefix is { Length: 0 })
        {
            problem = "The prefix is empty; leave it out to purge the bucket.";
        }
        else
        {
            return new PurgeTarget(bucket, keyText is null ? null : key, prefix ?? "");
        }

        return null;
    }
}
