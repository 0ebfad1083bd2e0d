using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace S3Proxy.Protocol;

/// <summary>
/// The <c>response-*</c> parameters of a read, which put headers of the client's choice in the place of the object's on a 200 or 206 (S3 API Reference, GetObject,
/// "Overriding response header values"). They change nothing about the object, so such a read shares what is cached (requirement S5).
/// </summary>
internal static class ResponseOverrides
{
    private static readonly KeyValuePair<string, string>[] None = [];

    private static readonly FrozenDictionary<string, string> HeaderNames = new Dictionary<string, string>
    {
        ["response-cache-control"] = "Cache-Control",
        ["response-content-disposition"] = "Content-Disposition",
        ["response-content-encoding"] = "Content-Encoding",
        ["response-content-language"] = "Content-Language",
        ["response-content-type"] = "Content-Type",
        ["response-expires"] = "Expires",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// Reads the query of a read. False when it holds anything but overrides and <paramref name="others"/>, or a value that cannot stand in a header as it is: what
    /// becomes of that is for the origin to say.
    /// </summary>
    /// <param name="query">The query of a GetObject or HeadObject.</param>
    /// <param name="others">Parameters that may stand beside the overrides.</param>
    /// <param name="overrides">Header names and values; empty for none.</param>
    public static bool TryRead(S3Query query, FrozenSet<string> others, [NotNullWhen(true)] out IReadOnlyList<KeyValuePair<string, string>>? overrides)
    {
        overrides = null;
        List<KeyValuePair<string, string>>? found = null;
        for (int i = 0; i < query.Items.Count; i++)
        {
            (string name, string value) = query.Items[i];
            if (HeaderNames.TryGetValue(name, out string? header) && IsHeaderValue(value))
            {
                (found ??= []).Add(new(header, value));
            }
            else if (!others.Contains(name))
            {
                return false;
            }
        }

        overrides = found is null ? None : found;
        return true;
    }

    /// <summary>Visible ASCII with blanks between, and not empty.</summary>
    private static bool IsHeaderValue(string value) =>
        value.Length > 0 && value[0] != ' ' && value[^1] != ' ' && !value.AsSpan().ContainsAnyExceptInRange(' ', '~');
}
