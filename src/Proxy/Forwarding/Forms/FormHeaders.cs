using System.Collections.Frozen;
using S3Proxy.Forwarding.Uploads;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Forms;

/// <summary>
/// Makes the headers of a PutObject out of the fields of a form. Fields and headers that are not listed do not reach the origin: a form must not become a copy, nor its
/// page's cookies and cache control a part of the object.
/// </summary>
internal static class FormHeaders
{
    private static readonly FrozenDictionary<string, string> Renamed = new Dictionary<string, string>
    {
        ["acl"] = "x-amz-acl",
        ["Cache-Control"] = "Cache-Control",
        ["Content-Disposition"] = "Content-Disposition",
        ["Content-Encoding"] = "Content-Encoding",
        ["Content-Language"] = "Content-Language",
        ["Content-Type"] = "Content-Type",
        ["Expires"] = "Expires",
        ["x-amz-acl"] = "x-amz-acl",
        ["x-amz-sdk-checksum-algorithm"] = "x-amz-sdk-checksum-algorithm",
        ["x-amz-storage-class"] = "x-amz-storage-class",
        ["x-amz-website-redirect-location"] = "x-amz-website-redirect-location",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] KeptPrefixes = ["x-amz-meta-", "x-amz-checksum-", "x-amz-server-side-encryption", "x-amz-object-lock-"];

    /// <summary>Of the client's own request, what the origin may log or answer by (CORS).</summary>
    private static readonly FrozenSet<string> KeptOfRequest = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Host", "Origin", "Referer", "User-Agent");

    /// <summary>Replaces the headers. The error, with the headers in no particular state, when a field cannot be one.</summary>
    public static S3Error? Replace(IHeaderDictionary headers, FormFields fields, long fileBytes)
    {
        foreach (string name in headers.Keys.Where(name => !KeptOfRequest.Contains(name)).ToArray())
        {
            headers.Remove(name);
        }

        foreach ((string field, string value) in fields.Items)
        {
            if (HeaderOf(field) is not { } header)
            {
                continue;
            }

            if (!IsToken(field) || value.AsSpan().ContainsAnyInRange('\0', '\u001f') || value.Contains('\u007f', StringComparison.Ordinal))
            {
                return FormErrors.BadField(field, "cannot be a header: its name or value holds a character that none may hold");
            }

            if (value.Length > 0)
            {
                headers[header] = value;
            }
        }

        // The file is plain, and no origin may take it for chunks.
        UploadHeaders.RemoveChunkedCoding(headers);
        headers.ContentLength = fileBytes;
        return fields.Find(FormFields.Tagging) is { } tagging ? AddTags(headers, tagging) : null;
    }

    private static S3Error? AddTags(IHeaderDictionary headers, string tagging)
    {
        S3Error? error = FormTagging.TryConvert(tagging, out string? tags);
        if (tags is not null)
        {
            headers["x-amz-tagging"] = tags;
        }

        return error;
    }

    private static string? HeaderOf(string field) =>
        Renamed.TryGetValue(field, out string? header) ? header
        : Array.Exists(KeptPrefixes, prefix => field.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) ? field
        : null;

    private static bool IsToken(string name) => name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}
