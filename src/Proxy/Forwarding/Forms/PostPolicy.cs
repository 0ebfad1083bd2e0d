using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Forms;

/// <summary>
/// The policy of a form: until when it holds and what the form may contain (S3 API Reference, "POST policy"). Immutable. What it does not know how to read it refuses,
/// so that no condition is overlooked.
/// </summary>
internal sealed class PostPolicy
{
    private const string LengthRange = "content-length-range";
    private const string ExpirationFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    private readonly List<PostPolicyCondition> _conditions = [];
    private readonly List<(long MinBytes, long MaxBytes)> _lengths = [];

    private PostPolicy()
    {
    }

    public DateTimeOffset Expiration { get; private set; }

    /// <summary>Reads the field <c>policy</c>. False, with InvalidPolicyDocument, for anything that is not a policy.</summary>
    public static bool TryParse(string base64, [NotNullWhen(true)] out PostPolicy? policy, [NotNullWhen(false)] out S3Error? error)
    {
        policy = null;
        byte[] bytes = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, bytes, out int length))
        {
            error = FormErrors.BadPolicy("it is not base64");
            return false;
        }

        PostPolicy read = new();
        string? reason;
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes.AsMemory(0, length), Strict);
            reason = read.Read(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter for text that is no Unicode, found only when it is read.
            reason = "it is not JSON";
        }

        policy = reason is null ? read : null;
        error = reason is null ? null : FormErrors.BadPolicy(reason);
        return policy is not null;
    }

    /// <summary>
    /// Null when the policy allows the form. Every field must be named by a condition, and every condition hold; the bucket counts as a field.
    /// </summary>
    public S3Error? Check(IReadOnlyList<KeyValuePair<string, string>> fields, DateTimeOffset now)
    {
        if (now > Expiration)
        {
            return FormErrors.PolicyExpired;
        }

        foreach ((string name, _) in fields)
        {
            if (!IsExempt(name) && !_conditions.Exists(condition => condition.Concerns(name)))
            {
                return FormErrors.AgainstPolicy($"Extra input fields: {name}");
            }
        }

        foreach (PostPolicyCondition condition in _conditions)
        {
            string? value = fields.Where(field => condition.Concerns(field.Key)).Select(field => field.Value).FirstOrDefault();
            if (value is null || !condition.Holds(value))
            {
                return FormErrors.AgainstPolicy($"Policy Condition failed: {condition}");
            }
        }

        return null;
    }

    /// <summary>Null when a file of this length is allowed.</summary>
    public S3Error? CheckLength(long fileBytes)
    {
        foreach ((long minBytes, long maxBytes) in _lengths)
        {
            if (fileBytes > maxBytes)
            {
                return FormErrors.TooLarge(fileBytes, maxBytes);
            }

            if (fileBytes < minBytes)
            {
                return FormErrors.TooSmall(fileBytes, minBytes);
            }
        }

        return null;
    }

    private static bool IsExempt(string field) =>
        field.Equals(FormFields.Policy, StringComparison.OrdinalIgnoreCase) || field.Equals(FormFields.Signature, StringComparison.OrdinalIgnoreCase)
        || field.StartsWith("x-ignore-", StringComparison.OrdinalIgnoreCase);

    // What is wrong with it, or null.
    private string? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return "it is no JSON object";
        }

        bool hasExpiration = false;
        bool hasConditions = false;
        foreach (JsonProperty property in root.EnumerateObject())
        {
            switch (property.Name)
            {
                case "expiration" when property.Value.ValueKind == JsonValueKind.String && TryReadTime(property.Value.GetString()!, out DateTimeOffset expiration):
                    Expiration = expiration;
                    hasExpiration = true;
                    break;
                case "conditions" when property.Value.ValueKind == JsonValueKind.Array:
                    hasConditions = true;
                    foreach (JsonElement condition in property.Value.EnumerateArray())
                    {
                        if (!TryRead(condition))
                        {
                            return $"a condition is neither {{\"field\": \"value\"}}, [\"eq\" or \"starts-with\", \"$field\", \"value\"] nor [\"{LengthRange}\", min, max]";
                        }
                    }

                    break;
                case "expiration":
                    return "its expiration must be a time such as 2026-01-01T12:00:00.000Z";
                default:
                    return $"unexpected '{property.Name}'";
            }
        }

        return hasExpiration && hasConditions ? null : "it must have expiration and conditions";
    }

    private static bool TryReadTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParseExact(text, ExpirationFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private bool TryRead(JsonElement condition) => condition.ValueKind switch
    {
        JsonValueKind.Object => TryReadExact(condition),
        JsonValueKind.Array => TryReadTriple(condition),
        _ => false,
    };

    private bool TryReadExact(JsonElement condition)
    {
        foreach (JsonProperty property in condition.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            _conditions.Add(new PostPolicyCondition(property.Name, IsPrefix: false, property.Value.GetString()!));
        }

        return true;
    }

    private bool TryReadTriple(JsonElement condition)
    {
        if (condition.GetArrayLength() != 3 || condition[0].ValueKind != JsonValueKind.String)
        {
            return false;
        }

        string operation = condition[0].GetString()!;
        if (operation.Equals(LengthRange, StringComparison.OrdinalIgnoreCase))
        {
            bool isRange = TryReadLength(condition[1], out long minBytes) & TryReadLength(condition[2], out long maxBytes);
            _lengths.Add((minBytes, maxBytes));
            return isRange;
        }

        bool isPrefix = operation.Equals("starts-with", StringComparison.OrdinalIgnoreCase);
        if ((!isPrefix && !operation.Equals("eq", StringComparison.OrdinalIgnoreCase))
            || condition[1].ValueKind != JsonValueKind.String || condition[2].ValueKind != JsonValueKind.String
            || condition[1].GetString() is not ['$', .. { Length: > 0 } field])
        {
            return false;
        }

        _conditions.Add(new PostPolicyCondition(field, isPrefix, condition[2].GetString()!));
        return true;
    }

    private static bool TryReadLength(JsonElement element, out long bytes)
    {
        bytes = 0;
        return element.ValueKind switch
        {
            JsonValueKind.Number => element.TryGetInt64(out bytes) && bytes >= 0,
            JsonValueKind.String => long.TryParse(element.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out bytes),
            _ => false,
        };
    }
}
