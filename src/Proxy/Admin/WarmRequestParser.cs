using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using S3Proxy.Protocol;
using S3Proxy.Warming;

namespace S3Proxy.Admin;

/// <summary>Reads what is to be loaded: a JSON object, or the bucket in the query and a line for each key.</summary>
internal static class WarmRequestParser
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>False, with the problem as a sentence, for what is not clear.</summary>
    public static bool TryParseJson(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out WarmRequest? request, out string problem)
    {
        request = null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return TryRead(document.RootElement, out request, out problem);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is not UTF-8 once it is unescaped.
            problem = "The body is not JSON.";
            return false;
        }
    }

    /// <summary>False, with the problem as a sentence, for what is not clear. Empty lines are left out.</summary>
    public static bool TryParseLines(string? bucketText, string? concurrency, string? maxBytes, ReadOnlySpan<byte> body, [NotNullWhen(true)] out WarmRequest? request, out string problem)
    {
        request = null;
        string[] lines;
        try
        {
            lines = StrictUtf8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (DecoderFallbackException)
        {
            problem = "The list of keys is not UTF-8.";
            return false;
        }

        problem = "concurrency and maxBytes are whole numbers.";
        int? readers = null;
        long? limit = null;
        if (concurrency is not null)
        {
            if (!int.TryParse(concurrency, out int value))
            {
                return false;
            }

            readers = value;
        }

        if (maxBytes is not null)
        {
            if (!long.TryParse(maxBytes, out long value))
            {
                return false;
            }

            limit = value;
        }

        return TryMake(bucketText, prefix: null, [.. lines.Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0)], readers, limit, out request, out problem);
    }

    private static bool TryRead(JsonElement root, out WarmRequest? request, out string problem)
    {
        request = null;
        string? bucket = null;
        string? prefix = null;
        List<string>? keys = null;
        int? concurrency = null;
        long? maxBytes = null;
        problem = "The body is not a JSON object.";
        if (root.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (JsonProperty property in root.EnumerateObject())
        {
            problem = $"The field {property.Name} is unknown or has the wrong type.";
            switch (property.Name, property.Value.ValueKind)
            {
                case ("bucket", JsonValueKind.String):
                    bucket = property.Value.GetString();
                    break;
                case ("prefix", JsonValueKind.String):
                    prefix = property.Value.GetString();
                    break;
                case ("keys", JsonValueKind.Array) when property.Value.EnumerateArray().All(key => key.ValueKind == JsonValueKind.String):
                    keys = [.. property.Value.EnumerateArray().Select(key => key.GetString()!)];
                    break;
                case ("concurrency", JsonValueKind.Number) when property.Value.TryGetInt32(out int value):
                    concurrency = value;
                    break;
                case ("maxBytes", JsonValueKind.Number) when property.Value.TryGetInt64(out long value):
                    maxBytes = value;
                    break;
                default:
                    return false;
            }
        }

        return TryMake(bucket, prefix, keys, concurrency, maxBytes, out request, out problem);
    }

    private static bool TryMake(string? bucketText, string? prefix, List<string>? keyTexts, int? concurrency, long? maxBytes, [NotNullWhen(true)] out WarmRequest? request, out string problem)
    {
        request = null;
        if (!BucketName.TryParse(bucketText, out BucketName bucket))
        {
            problem = "It names no bucket, or one that cannot be.";
            return false;
        }

        if (keyTexts is not null && (prefix is not null || keyTexts.Count is 0 or > WarmRequest.MaxKeys))
        {
            problem = prefix is not null ? "It names keys and a prefix." : $"A list has 1 to {WarmRequest.MaxKeys} keys.";
            return false;
        }

        List<ObjectKey>? keys = keyTexts is null ? null : [];
        foreach (string text in keyTexts ?? [])
        {
            if (!ObjectKey.TryParse(text, out ObjectKey key))
            {
                problem = $"Key {keys!.Count + 1} of the list has not 1 to 1,024 bytes of UTF-8.";
                return false;
            }

            keys!.Add(key);
        }

        problem = "concurrency is 1 to 32, and maxBytes is at least 1.";
        if (concurrency is < 1 or > WarmRequest.MaxConcurrency || maxBytes is < 1)
        {
            return false;
        }

        request = new WarmRequest { Bucket = bucket, Prefix = prefix ?? "", Keys = keys, Concurrency = concurrency ?? 4, MaxBytes = maxBytes };
        return true;
    }
}
