using System.Text;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding;

/// <summary>Writes query items in the one encoding that is both sent and signed.</summary>
internal static class OriginQuery
{
    /// <summary>The query without its question mark. An item without a value is its name alone, as S3 documents sub-resources.</summary>
    public static string Build(IReadOnlyList<KeyValuePair<string, string>> items)
    {
        if (items.Count == 0)
        {
            return "";
        }

        StringBuilder query = new();
        foreach ((string name, string value) in items)
        {
            if (query.Length > 0)
            {
                query.Append('&');
            }

            query.Append(S3Uri.EncodeQueryValue(name));
            if (value.Length > 0)
            {
                query.Append('=').Append(S3Uri.EncodeQueryValue(value));
            }
        }

        return query.ToString();
    }
}
