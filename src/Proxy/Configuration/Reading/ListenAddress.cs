using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>http://HOST:PORT</c> or <c>https://HOST:PORT</c> of a listener.</summary>
internal static class ListenAddress
{
    private const string Scheme = "http://";
    private const string TlsScheme = "https://";
    private const int DefaultPort = 80;
    private const int DefaultTlsPort = 443;

    /// <summary>The address to bind, or what is wrong with <paramref name="text"/>.</summary>
    public static IPEndPoint? TryParse(string text, out bool isTls, out string? problem)
    {
        isTls = text.StartsWith(TlsScheme, StringComparison.OrdinalIgnoreCase);
        problem = "is not http://HOST:PORT or https://HOST:PORT with localhost, an IPv4 address, an [IPv6 address] or * as the host";
        if (!isTls && !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string authority = text[(isTls ? TlsScheme : Scheme).Length..];
        authority = authority.EndsWith('/') ? authority[..^1] : authority;
        int colon = authority.IndexOf(':', Math.Max(0, authority.IndexOf(']', StringComparison.Ordinal)));
        string host = colon < 0 ? authority : authority[..colon];
        int port = isTls ? DefaultTlsPort : DefaultPort;
        if (ParseHost(host) is not { } address
            || (colon >= 0 && !int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port))
            || port > IPEndPoint.MaxPort)
        {
            return null;
        }

        problem = null;
        return new IPEndPoint(address, port);
    }

    /// <summary>True when two listeners could not be bound together.</summary>
    public static bool Overlap(IPEndPoint one, IPEndPoint other) =>
        one.Port == other.Port && one.Port != 0 && (one.Address.Equals(other.Address) || IsAny(one.Address) || IsAny(other.Address));

    private static IPAddress? ParseHost(string host)
    {
        switch (host)
        {
            case "localhost":
                return IPAddress.Loopback;
            case "*":
                return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
            case ['[', .. string literal, ']']:
                return IPAddress.TryParse(literal, out IPAddress? six) && six.AddressFamily == AddressFamily.InterNetworkV6 ? six : null;
            default:
                // The framework also reads "1" and "0x7f.1"; an address written that way is a mistake.
                return IPAddress.TryParse(host, out IPAddress? four) && four.AddressFamily == AddressFamily.InterNetwork && four.ToString() == host
                    ? four
                    : null;
        }
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);
}
