using System.Text;
using S3Proxy.Testing.Origin.Protocol;

namespace S3Proxy.Testing.Origin.Auth;

/// <summary>The canonical request of SigV4 (S3 API Reference, "Create a canonical request"), as a server computes it from what arrived.</summary>
internal static class CanonicalRequest
{
    private const string SignatureParameter = "X-Amz-Signature";

    /// <param name="call">The request.</param>
    /// <param name="signedHeaders">Lower-case names in canonical order.</param>
    /// <param name="payloadHash">What the last line says.</param>
    public static string Build(OriginCall call, IReadOnlyList<string> signedHeaders, string payloadHash)
    {
        StringBuilder canonical = new(512);
        canonical.Append(call.Method).Append('\n');
        canonical.Append(PercentEncoding.Encode(call.Target.Path, keepSlash: true)).Append('\n');
        AppendQuery(canonical, call.Query);
        canonical.Append('\n');
        foreach (string name in signedHeaders)
        {
            canonical.Append(name).Append(':');
            AppendValue(canonical, call.Header(name) ?? "");
            canonical.Append('\n');
        }

        canonical.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(payloadHash);
        return canonical.ToString();
    }

    private static void AppendQuery(StringBuilder canonical, QueryParameters query)
    {
        IEnumerable<(string Name, string Value)> sorted = query.All
            .Where(static parameter => parameter.Key != SignatureParameter)
            .Select(static parameter => (PercentEncoding.Encode(parameter.Key, keepSlash: false), PercentEncoding.Encode(parameter.Value, keepSlash: false)))
            .OrderBy(static parameter => parameter.Item1, StringComparer.Ordinal)
            .ThenBy(static parameter => parameter.Item2, StringComparer.Ordinal);
        string separator = "";
        foreach ((string name, string value) in sorted)
        {
            canonical.Append(separator).Append(name).Append('=').Append(value);
            separator = "&";
        }
    }

    /// <summary>Trimmed, each run of spaces one space.</summary>
    private static void AppendValue(StringBuilder canonical, string value)
    {
        bool pendingSpace = false;
        foreach (char c in value.AsSpan().Trim(' '))
        {
            if (c == ' ')
            {
                pendingSpace = true;
                continue;
            }

            if (pendingSpace)
            {
                canonical.Append(' ');
                pendingSpace = false;
            }

            canonical.Append(c);
        }
    }
}
