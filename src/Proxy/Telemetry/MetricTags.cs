using System.Globalization;
using S3Proxy.Fetching;
using S3Proxy.Protocol;
using S3Proxy.Reloading;

namespace S3Proxy.Telemetry;

/// <summary>
/// The label values of <see cref="ProxyMetrics"/>, made once, so that counting allocates nothing. Every set of values is closed: no label
/// takes text that a client or an origin chose.
/// </summary>
internal static class MetricTags
{
    private const int FirstStatus = 100;
    private const int LastStatus = 599;

    private static readonly KeyValuePair<string, object?> Get = new("operation", "get");
    private static readonly KeyValuePair<string, object?> Head = new("operation", "head");
    private static readonly KeyValuePair<string, object?> OtherMethod = new("method", "other");
    private static readonly KeyValuePair<string, object?> OtherStatus = new("status", "other");
    private static readonly KeyValuePair<string, object?>[] Outcomes = Make<CacheOutcome>("outcome", outcome => outcome.ToWire());
    private static readonly KeyValuePair<string, object?>[] Reasons = Make<FetchFailure>("reason", NameOf);
    private static readonly KeyValuePair<string, object?>[] RequestReasonTags = Make<RequestReason>("reason", reason => reason.ToWire());
    private static readonly KeyValuePair<string, object?>[] StatusClasses = [.. Enumerable.Range(0, 6).Select(i => new KeyValuePair<string, object?>("result", i == 0 ? "other" : $"{i}xx"))];
    private static readonly KeyValuePair<string, object?>[] Codes = Make<S3ErrorCode>("code", code => code.ToString());
    private static readonly KeyValuePair<string, object?>[] Results = Make<RefreshResult>("result", result => result.ToString().ToLowerInvariant());
    private static readonly KeyValuePair<string, object?>[] Reloads = Make<ReloadResult>("result", result => result.ToString().ToLowerInvariant());
    private static readonly KeyValuePair<string, object?>[] Classes = Make<FetchClass>("class", of => of.ToString().ToLowerInvariant());
    private static readonly KeyValuePair<string, object?>[] Statuses = MakeStatuses();

    public static KeyValuePair<string, object?> Operation(S3Operation operation) => operation switch
    {
        S3Operation.GetObject => Get,
        S3Operation.HeadObject => Head,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "Only object reads are counted by outcome."),
    };

    public static KeyValuePair<string, object?> Outcome(CacheOutcome outcome) => Outcomes[(int)outcome];

    public static KeyValuePair<string, object?> Reason(FetchFailure failure) => Reasons[(int)failure];

    public static KeyValuePair<string, object?> Reason(RequestReason reason) => RequestReasonTags[(int)reason];

    /// <summary>The first digit of a status: <c>2xx</c>.</summary>
    public static KeyValuePair<string, object?> StatusClass(int status) => StatusClasses[status is >= FirstStatus and <= LastStatus ? status / 100 : 0];

    public static KeyValuePair<string, object?> Class(FetchClass of) => Classes[(int)of];

    public static KeyValuePair<string, object?> Result(RefreshResult result) => Results[(int)result];

    public static KeyValuePair<string, object?> Reload(ReloadResult result) => Reloads[(int)result];

    public static KeyValuePair<string, object?> Code(S3ErrorCode code) => Codes[(int)code];

    public static KeyValuePair<string, object?> Origin(string origin) => new("origin", origin);

    /// <summary>The methods S3 has; any other is <c>other</c>.</summary>
    public static KeyValuePair<string, object?> Method(HttpMethod method) =>
        method.Method is "GET" or "HEAD" or "PUT" or "POST" or "DELETE" ? new("method", method.Method) : OtherMethod;

    /// <summary>The status in digits; <c>other</c> outside of RFC 9110 section 15.</summary>
    public static KeyValuePair<string, object?> Status(int status) =>
        status is >= FirstStatus and <= LastStatus ? Statuses[status - FirstStatus] : OtherStatus;

    /// <summary>The one spelling of a failure in metrics.</summary>
    public static string NameOf(FetchFailure failure) => failure switch
    {
        FetchFailure.Unreachable => "unreachable",
        FetchFailure.TimedOut => "timed_out",
        FetchFailure.Broken => "broken",
        FetchFailure.InvalidAnswer => "invalid_answer",
        FetchFailure.Corrupt => "corrupt",
        FetchFailure.Changed => "changed",
        FetchFailure.OutOfMemory => "out_of_memory",
        FetchFailure.Crowded => "crowded",
        FetchFailure.NoCredentials => "no_credentials",
        FetchFailure.NotAsSigned => "not_as_signed",
        FetchFailure.Contended => "contended",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "The failure has no spelling; add it to the table."),
    };

    /// <summary>A tag for each value of an enum, at the index that is its number: the enums here count up from zero.</summary>
    private static KeyValuePair<string, object?>[] Make<TEnum>(string label, Func<TEnum, string> nameOf)
        where TEnum : struct, Enum => [.. Enum.GetValues<TEnum>().Select(value => new KeyValuePair<string, object?>(label, nameOf(value)))];

    private static KeyValuePair<string, object?>[] MakeStatuses() =>
    [
        .. Enumerable.Range(FirstStatus, LastStatus - FirstStatus + 1)
            .Select(status => new KeyValuePair<string, object?>("status", status.ToString(CultureInfo.InvariantCulture))),
    ];
}
