using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;

namespace S3Proxy.Limiting;

/// <summary>Whose request it is, by address.</summary>
internal static class ClientAddress
{
    private const string ForwardedFor = "X-Forwarded-For";

    /// <summary>Proxies in a row that are looked through.</summary>
    private const int MostProxies = 16;

    private const ulong MappedPrefix = 0xFFFF_0000_0000;

    /// <summary>Has all that ask for the address of a request's connection find the client's, behind proxies that are trusted. Before anything does; costs nothing without such proxies.</summary>
    public static void Resolve(HttpContext http, IReadOnlyList<IPNetwork> trustedProxies)
    {
        if (trustedProxies.Count > 0)
        {
            http.Connection.RemoteIpAddress = Of(http, trustedProxies);
        }
    }

    /// <summary>
    /// The address of the connection; behind trusted proxies the last in <c>X-Forwarded-For</c> that none of them has. Each proxy appends whom it heard from, so that what a client wrote itself stands before and is never
    /// reached. Where the header ends or makes no sense, it is the last address that was told by a trusted one.
    /// </summary>
    public static IPAddress? Of(HttpContext http, IReadOnlyList<IPNetwork> trustedProxies)
    {
        IPAddress? address = http.Connection.RemoteIpAddress;
        if (address is null || trustedProxies.Count == 0 || !IsTrusted(address, trustedProxies))
        {
            return address;
        }

        StringValues lines = http.Request.Headers[ForwardedFor];
        int looks = 0;
        for (int line = lines.Count - 1; line >= 0; line--)
        {
            ReadOnlySpan<char> rest = lines[line];
            while (!rest.IsEmpty)
            {
                int comma = rest.LastIndexOf(',');
                if (++looks > MostProxies || !TryRead(rest[(comma + 1)..].Trim(" \t"), out IPAddress? told))
                {
                    return address;
                }

                address = told;
                if (!IsTrusted(address, trustedProxies))
                {
                    return address;
                }

                rest = comma < 0 ? [] : rest[..comma];
            }
        }

        return address;
    }

    /// <summary>What limits go by: a whole IPv4 address, and of an IPv6 address the network of its owner. Allocates nothing.</summary>
    public static UInt128 KeyOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            address.TryWriteBytes(bytes, out _);
            return new UInt128(0, MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(bytes));
        }

        address.TryWriteBytes(bytes, out _);
        UInt128 whole = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return address.IsIPv4MappedToIPv6 ? whole : whole >> 64 << 64;
    }

    private static bool IsTrusted(IPAddress address, IReadOnlyList<IPNetwork> trustedProxies)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (IPNetwork network in trustedProxies)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>An address as proxies write it, with or without a port: <c>192.0.2.1:4711</c>, <c>[2001:db8::1]:4711</c>.</summary>
    private static bool TryRead(ReadOnlySpan<char> text, out IPAddress address)
    {
        if (text is ['[', ..])
        {
            int end = text.IndexOf(']');
            text = end < 0 ? [] : text[1..end];
        }
        else if (text.Count(':') == 1)
        {
            text = text[..text.IndexOf(':')];
        }

        // "1" and "0x7f.1" are addresses to the parser; no proxy writes them.
        address = IPAddress.None;
        if ((text.Count('.') == 3 || text.Contains(':')) && IPAddress.TryParse(text, out IPAddress? read))
        {
            address = read;
            return true;
        }

        return false;
    }
}
