namespace S3Proxy.Configuration.Reading;

/// <summary>Reads one endpoint of an origin.</summary>
internal static class OriginEndpoint
{
    /// <summary>The endpoint as scheme and authority, or what is wrong with <paramref name="text"/>, which may hold a password and is not repeated.</summary>
    public static Uri? TryParse(string text, out string? problem)
    {
        problem = "is not http://HOST:PORT or https://HOST:PORT";
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || !IsHost(uri) || uri.Port == 0)
        {
            return null;
        }

        problem = uri.UserInfo.Length > 0 || text.Contains('@', StringComparison.Ordinal) ? "must not hold a user or password; use credentials"
            : text.Contains('?', StringComparison.Ordinal) || text.Contains('#', StringComparison.Ordinal) ? "must not hold a query or fragment"
            : uri.AbsolutePath != "/" ? "must not hold a path; use prefix under buckets"
            : null;
        return problem is null ? new Uri(uri.GetLeftPart(UriPartial.Authority)) : null;
    }

    private static bool IsHost(Uri uri) =>
        uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
        || (uri.HostNameType == UriHostNameType.Dns && uri.IdnHost.Split('.').All(label => label.Length is > 0 and <= 63));
}
