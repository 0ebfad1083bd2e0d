using System.Text;
using System.Text.RegularExpressions;

namespace S3Proxy.FunctionalTests;

/// <summary>A response as a client sees it, ready to be compared.</summary>
/// <param name="Status">Status code.</param>
/// <param name="Headers">All headers that belong to the answer and not to the connection, the moment or the proxy.</param>
/// <param name="Body">The body; request ids in error documents are blanked.</param>
internal sealed partial record Answer(int Status, SortedDictionary<string, string> Headers, string Body)
{
    private static readonly HashSet<string> OfTheMoment = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "x-amz-request-id", "x-amz-id-2", "x-cache", "x-cache-tier", "Cache-Status", "Connection", "Keep-Alive", "Server", "Transfer-Encoding",
    };

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        SortedDictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, var values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
        {
            if (!OfTheMoment.Contains(name))
            {
                headers[name] = string.Join(", ", values);
            }
        }

        string body = Encoding.Latin1.GetString(await response.Content.ReadAsByteArrayAsync());
        return new Answer((int)response.StatusCode, headers, RequestIds().Replace(body, "<$1/>"));
    }

    public override string ToString() =>
        $"{Status}\n{string.Join('\n', Headers.Select(field => $"{field.Key}: {field.Value}"))}\n\n{(Body.Length > 600 ? $"{Body.Length} bytes" : Body)}";

    [GeneratedRegex("<(RequestId|HostId)>[^<]*</\\1>")]
    private static partial Regex RequestIds();
}
