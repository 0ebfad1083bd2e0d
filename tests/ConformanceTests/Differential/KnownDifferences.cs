using System.Text.RegularExpressions;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>Every difference that does not fail a test, and why. docs/conformance.md is made from it.</summary>
internal static partial class KnownDifferences
{
    private static readonly HashSet<string> HeadersOfErrors =
        ["header content-range", "header accept-ranges", "header content-type", "header content-length", "header allow"];

    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new(
            "Wording of the proxy's own errors",
            "Status and code are the same. The proxy tells a message, the resource and what it knows besides, as S3 does; Ceph tells none of these, but the bucket, and `Accept-Ranges`. With a 416 the proxy sends `Content-Range` (RFC 9110, 15.5.17).",
            ["ranges", "conditions", "signatures", "methods and buckets", "anonymous", "copying", "deleting and versions", "writing objects"],
            static (exchange, difference) => IsOwnErrorAlike(exchange) && (HeadersOfErrors.Contains(difference.Field) || IsDetail(difference))),
        new(
            "Length of an error without a body",
            "Ceph tells in its answer to HEAD how long the error document would be. The proxy shares such an answer among readers and tells no length.",
            ["encryption", "keys", "versions"],
            static (exchange, difference) => exchange is { Call.Method: "HEAD", Direct.Status: >= 400 } && difference.Field == "header content-length"),
        new(
            "Malformed ranges",
            "S3 ignores a Range header that is malformed or has several ranges, and so does the proxy. Ceph reads the numbers it can find, with gaps as zero.",
            ["ranges"],
            static (exchange, _) => RangeOf(exchange) is { } range && !IsWellFormed(range) && exchange.Proxied.Status == 200),
        new(
            "A suffix of no bytes",
            "`bytes=-0` can be satisfied by no object (RFC 9110, 14.1.2); Ceph sends the whole object as 206.",
            ["ranges"],
            static (exchange, _) => RangeOf(exchange) == "bytes=-0" && exchange.Proxied.Status == 416),
        new(
            "`*`, lists and weak tags",
            "RFC 9110, 13.1 and S3 know `*` and lists, and compare If-None-Match weakly. Ceph compares the whole header with the ETag.",
            ["conditions"],
            static (exchange, _) => Values(exchange, "If-Match", "If-None-Match").Any(tag => tag == "*" || tag.Contains(',') || tag.StartsWith("W/", StringComparison.Ordinal))),
        new(
            "Headers of a 304",
            "A 304 has the ETag, and what a cache needs besides (RFC 9110, 15.4.5), with S3 too. Ceph sends none of it.",
            ["conditions", "anonymous"],
            static (exchange, difference) => exchange is { Direct.Status: 304, Proxied.Status: 304 } && difference is { Field: "header etag" or "header last-modified", Direct: "(none)" }),
        new(
            "Conditions on dates that are none",
            "A date that is no HTTP date is ignored (RFC 9110, 13.1.3). Ceph answers 400, and takes other formats for dates.",
            ["conditions"],
            static (exchange, _) => Values(exchange, "If-Modified-Since", "If-Unmodified-Since").Any(date => !HttpDate().IsMatch(date))),
        new(
            "Precedence of failed conditions",
            "If-Match and If-Unmodified-Since come first (RFC 9110, 13.2.2; S3 API Reference, GetObject): 412. Ceph lets a 304 of the other condition win.",
            ["conditions"],
            static (exchange, _) => exchange is { Direct.Status: 304, Proxied.Status: 412 } && exchange.Call.Headers.Length == 2),
        new(
            "If-Range",
            "This release of Ceph does not know If-Range and sends the range of whatever version there is.",
            ["conditions"],
            static (exchange, _) => Values(exchange, "If-Range").Any() && exchange.Proxied.Status == 200),
        new(
            "Paths that are no keys",
            "What is not percent-encoded UTF-8 is InvalidURI and a key of more than 1,024 bytes KeyTooLongError, as with S3. Ceph has other codes. A zero byte is refused by the HTTP server before it is S3's concern.",
            ["keys", "writing objects"],
            static (exchange, _) => exchange is { AreErrors: true, Proxied.Status: 400 } && (BadPath().IsMatch(exchange.Call.Key ?? "") || exchange.Call.Key is { Length: > 1024 })),
        new(
            "A query parameter twice",
            "Which of the two counts is each server's own choice; the proxy refuses it before it asks for the signature.",
            ["lists"],
            static (exchange, _) => exchange.AreErrors && exchange.Call.Query == "prefix=list/&prefix=a"),
        new(
            "Codes of bad signatures",
            "Both refuse, with other codes: the proxy has those of S3. It tells nobody unknown whether a bucket exists.",
            ["signatures"],
            static (exchange, _) => exchange.AreErrors),
        new(
            "A signature without region",
            "The proxy refuses an empty region, Ceph does not look.",
            ["signatures"],
            static (exchange, _) => exchange is { Call.Region: "", Direct.Status: 200, Proxied.Status: 400 }),
        new(
            "Codes of unknown methods",
            "Both refuse, with other codes: the proxy has those of S3.",
            ["methods and buckets"],
            static (exchange, _) => exchange.AreErrors && exchange.Call.Method is "OPTIONS" or "POST"),
        new(
            "Names that no bucket can have",
            "The proxy has S3's InvalidBucketName, Ceph looks for the bucket.",
            ["methods and buckets"],
            static (exchange, _) => exchange is { Direct.Status: 404, Proxied.Status: 400 } && exchange.Call.Bucket is not (null or "{bucket}")),
        new(
            "Upper case in a host name",
            "Host names compare without case, so a bucket is named in lower case by them; Ceph tells the name as it was written.",
            ["methods and buckets"],
            static (exchange, difference) => exchange.Style == AddressStyle.Host && difference.Field == "xml BucketName"
                && string.Equals(difference.Direct, difference.Proxied, StringComparison.OrdinalIgnoreCase))
        {
            Style = AddressStyle.Host,
        },
        new(
            "HEAD without bucket",
            "S3 has no such operation.",
            ["sub-resources"],
            static (exchange, _) => exchange.Call is { Method: "HEAD", Bucket: null } && exchange.Proxied.Status == 405),
        new(
            "Faulty DeleteObjects",
            "The proxy reads the keys to delete, and refuses what is no such document as S3 does. Ceph refuses without saying why, takes an empty document, and carries out a document whose Content-MD5 is wrong; what it deleted by that is there with the proxy.",
            ["deleting and versions"],
            static (exchange, _) => exchange.State.StartsWith("faults of deleting many", StringComparison.Ordinal)
                && (exchange.Call.Query is "versions" || exchange.Call.Key == "a" || exchange is { Call.Query: "delete", Proxied.Status: 400 })),
        new(
            "S3 Select",
            "This release of Ceph answers with no valid HTTP; the proxy tells 503.",
            ["writing objects"],
            static (exchange, _) => exchange is { Direct.Status: 0, Proxied.Status: 503 } && exchange.Call.Query.StartsWith("select", StringComparison.Ordinal)),
        new(
            "Overridden headers without signature",
            "Both refuse, but Ceph's answer is no valid HTTP: it is sent twice, the first time without headers.",
            ["anonymous"],
            static (exchange, _) => exchange is { Direct.Status: 0, Proxied.Status: 400 } && exchange.Call.Query.StartsWith("response-", StringComparison.Ordinal)),
    ];

    private static bool IsOwnErrorAlike(Exchange exchange) =>
        exchange.AreErrors && exchange.Direct.Status == exchange.Proxied.Status
        && (exchange.Call.Method == "HEAD" || (exchange.ErrorCode is not null && exchange.Proxied.Text.Contains("<Resource>", StringComparison.Ordinal)));

    private static bool IsDetail(AnswerDifference difference) => difference.Field.StartsWith("xml ", StringComparison.Ordinal) && difference.Field != "xml Code";

    private static string? RangeOf(Exchange exchange) => Values(exchange, "Range").FirstOrDefault();

    private static IEnumerable<string> Values(Exchange exchange, params string[] names) => exchange.Call.Headers.Where(field => names.Contains(field.Key)).Select(field => field.Value);

    private static bool IsWellFormed(string range) =>
        OneRange().Match(range) is { Success: true } match
        && (match.Groups["last"].Length == 0 || UInt128.Parse(match.Groups["first"].Value, null) <= UInt128.Parse(match.Groups["last"].Value, null));

    [GeneratedRegex(@"^bytes= ?((?<first>\d+)-(?<last>\d*)|-\d+)$", RegexOptions.IgnoreCase)]
    private static partial Regex OneRange();

    [GeneratedRegex(@"^(\{(earlier|modified|later)\}|[A-Z][a-z]+, \d\d[ -][A-Z][a-z]{2}[ -]\d\d(\d\d)? \d\d:\d\d:\d\d GMT)$")]
    private static partial Regex HttpDate();

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})|%00|%FF")]
    private static partial Regex BadPath();
}
