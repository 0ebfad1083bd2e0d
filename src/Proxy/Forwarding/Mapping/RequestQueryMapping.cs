using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Forwarding.Mapping;

/// <summary>
/// The query to send to the origin: the client's items in their order, without the presigned-URL parameters (the proxy signs anew),
/// and for lists with prefixes, markers and tokens in the origin's names. Not for passed-through signatures, which cover the query.
/// </summary>
/// <remarks>
/// Delimiters stay right because S3 looks for one only after the prefix, and putting one prefix before all keys keeps their order.
/// <c>version-id-marker</c> and <c>upload-id-marker</c> are opaque and hold no key.
/// </remarks>
internal static class RequestQueryMapping
{
    private const string Prefix = "prefix";
    private const string Token = "continuation-token";

    private static readonly FrozenSet<string> PresignParameters = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "X-Amz-Algorithm",
        "X-Amz-Credential",
        "X-Amz-Date",
        "X-Amz-Expires",
        "X-Amz-SignedHeaders",
        "X-Amz-Signature",
        "X-Amz-Security-Token");

    /// <summary>False, with InvalidArgument, only for a continuation token that did not come from this proxy for this bucket.</summary>
    public static bool TryMap(
        S3Request request,
        BucketRoute route,
        [NotNullWhen(true)] out IReadOnlyList<KeyValuePair<string, string>>? items,
        [NotNullWhen(false)] out S3Error? error)
    {
        error = null;
        bool isMappedList = route.RenamesKeys && StartParameter(request.Operation) is not null;
        var mapping = new KeyMapping(route);
        var result = new List<KeyValuePair<string, string>>(request.Query.Items.Count + 2);
        foreach ((string name, string value) in request.Query.Items)
        {
            if (PresignParameters.Contains(name))
            {
                continue;
            }

            if (!isMappedList)
            {
                result.Add(new(name, value));
            }
            else if (TryMapListItem(name, value, mapping, out string? mapped))
            {
                result.Add(new(name, mapped));
            }
            else
            {
                items = null;
                error = new S3Error(
                    S3ErrorCode.InvalidArgument,
                    "The continuation token provided is incorrect; use NextContinuationToken of the list's last answer from this endpoint.");
                return false;
            }
        }

        if (isMappedList && mapping.Prefix.Length > 0)
        {
            AddMissing(request, mapping, result);
        }

        items = result;
        return true;
    }

    /// <summary>The items without presigned-URL parameters, for requests that have no bucket.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> WithoutPresignParameters(S3Query query) =>
        [.. query.Items.Where(item => !PresignParameters.Contains(item.Key))];

    /// <summary>Every occurrence of a repeated name is mapped: which of them counts is the origin's choice.</summary>
    private static bool TryMapListItem(string name, string value, KeyMapping mapping, [NotNullWhen(true)] out string? mapped)
    {
        switch (name)
        {
            case Prefix:
                mapped = mapping.ToOrigin(value);
                return true;
            case "marker" or "start-after" or "key-marker":
                // Empty means from the beginning to every server; AddMissing sees to it where that matters.
                mapped = value.Length == 0 ? "" : mapping.ToOrigin(value);
                return true;
            case Token when value.Length > 0:
                return ContinuationToken.TryToOrigin(value, mapping, out mapped);
            default:
                mapped = value;
                return true;
        }
    }

    private static void AddMissing(S3Request request, KeyMapping mapping, List<KeyValuePair<string, string>> items)
    {
        if (!request.Query.Has(Prefix))
        {
            items.Add(new(Prefix, mapping.Prefix));
        }

        // An object named like the mapping prefix itself (a console's folder marker) has no name for the client. Starting after it keeps
        // it from filling a page that would then be empty, with a marker that means "from the beginning" again. Only where it would be
        // listed at all: some servers want the marker to begin with the prefix.
        string start = StartParameter(request.Operation)!;
        if (string.IsNullOrEmpty(request.Query.Find(Prefix))
            && string.IsNullOrEmpty(request.Query.Find(start))
            && string.IsNullOrEmpty(request.Query.Find(Token))
            && !request.Query.Has("version-id-marker")
            && !request.Query.Has("upload-id-marker"))
        {
            items.RemoveAll(item => item.Key == start);
            items.Add(new(start, mapping.Prefix));
        }
    }

    /// <summary>The parameter that tells where a list starts; null for operations that list no keys.</summary>
    private static string? StartParameter(S3Operation operation) => operation switch
    {
        S3Operation.ListObjects => "marker",
        S3Operation.ListObjectsV2 => "start-after",
        S3Operation.ListObjectVersions or S3Operation.ListMultipartUploads => "key-marker",
        _ => null,
    };
}
