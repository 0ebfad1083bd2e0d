using System.Text.RegularExpressions;

namespace S3Proxy.Configuration.Reading;

/// <summary>The forms of names that other parties also read: DNS, SigV4, routes.</summary>
internal static partial class Names
{
    private const int MaxHostNameLength = 253;

    /// <summary>A DNS name of letters, digits and hyphens (RFC 1123, section 2.1), not an IPv4 address.</summary>
    public static bool IsHostName(string text) => text.Length <= MaxHostNameLength && HostName().IsMatch(text);

    /// <summary>A name for an origin; it becomes part of a route.</summary>
    public static bool IsOriginName(string text) => OriginName().IsMatch(text);

    /// <summary>An access key id: what separates the parts of an Authorization header may not be in it (S3 API Reference, "Authenticating Requests").</summary>
    public static bool IsAccessKeyId(string text) => AccessKeyId().IsMatch(text);

    /// <summary>A region as a credential scope can hold it.</summary>
    public static bool IsRegion(string text) => Region().IsMatch(text);

    [GeneratedRegex(@"\A(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)*(?=[a-zA-Z0-9-]*[a-zA-Z-])[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\z")]
    private static partial Regex HostName();

    [GeneratedRegex(@"\A[a-z0-9-]{1,63}\z")]
    private static partial Regex OriginName();

    [GeneratedRegex(@"\A[!-~-[/,=;&]]{1,128}\z")]
    private static partial Regex AccessKeyId();

    [GeneratedRegex(@"\A[a-zA-Z0-9._-]{1,64}\z")]
    private static partial Regex Region();
}
