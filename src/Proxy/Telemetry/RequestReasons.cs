using System.Text;
using S3Proxy.Fetching;
using S3Proxy.Protocol;

namespace S3Proxy.Telemetry;

/// <summary>The one spelling of reasons, and what the reasons of other rooms come to.</summary>
internal static class RequestReasons
{
    private static readonly string[] Wire = [.. Enum.GetNames<RequestReason>().Select(SnakeCase)];

    /// <summary>The reason as logs and dashboards read it: its name in lower case with underscores. Allocates nothing.</summary>
    public static string ToWire(this RequestReason reason) => Wire[(int)reason];

    /// <summary>Why an answer is not shared.</summary>
    public static RequestReason Of(NotShareableReason reason) => reason switch
    {
        NotShareableReason.NoStrongETag => RequestReason.NoStrongETag,
        NotShareableReason.NoLength => RequestReason.NoLength,
        NotShareableReason.Vary => RequestReason.Vary,
        NotShareableReason.SetCookie => RequestReason.SetCookie,
        NotShareableReason.NoStore => RequestReason.NoStore,
        NotShareableReason.Private => RequestReason.Private,
        NotShareableReason.LargeError => RequestReason.LargeError,
        NotShareableReason.AsSigned => RequestReason.AsSigned,
        NotShareableReason.OutOfMemory => RequestReason.OutOfMemory,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "The reason has no counterpart; add it to the table."),
    };

    /// <summary>What failed a fetch.</summary>
    public static RequestReason Of(FetchFailure failure) => failure switch
    {
        FetchFailure.Unreachable => RequestReason.Unreachable,
        FetchFailure.TimedOut => RequestReason.TimedOut,
        FetchFailure.Broken => RequestReason.Broken,
        FetchFailure.InvalidAnswer => RequestReason.InvalidAnswer,
        FetchFailure.Corrupt => RequestReason.Corrupt,
        FetchFailure.Changed => RequestReason.Changed,
        FetchFailure.OutOfMemory => RequestReason.OutOfMemory,
        FetchFailure.Crowded or FetchFailure.Contended => RequestReason.Crowded,
        FetchFailure.NoCredentials => RequestReason.NoCredentials,
        FetchFailure.NotAsSigned => RequestReason.AsSigned,
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "The failure has no counterpart; add it to the table."),
    };

    /// <summary>What the proxy refused a request for.</summary>
    public static RequestReason Of(S3ErrorCode code) => code switch
    {
        S3ErrorCode.NoSuchBucket => RequestReason.NoSuchBucket,
        S3ErrorCode.AccessDenied or S3ErrorCode.SignatureDoesNotMatch or S3ErrorCode.InvalidAccessKeyId
            or S3ErrorCode.InvalidToken or S3ErrorCode.MissingSecurityHeader or S3ErrorCode.RequestTimeTooSkewed => RequestReason.Denied,
        _ => RequestReason.BadRequest,
    };

    private static string SnakeCase(string name)
    {
        // "ETag" is one word.
        StringBuilder text = new();
        foreach (char c in name.Replace("ETag", "Etag", StringComparison.Ordinal))
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
