using System.Buffers;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace S3Proxy.FastPath;

/// <summary>
/// The head of a GET or HEAD without a body, as nearly all clients send it (RFC 9112, sections 2 to 5). Reads less than the standard allows and nothing that it does not: what is
/// unusual in any way is the server's to understand or to refuse, so that there are never two opinions about where a request ends. Not thread-safe.
/// </summary>
internal sealed class RequestHead
{
    /// <summary>Longer heads are the server's.</summary>
    public const int MostBytes = 8 * 1024;

    private const int MostFields = 32;
    private const string KeepAlive = "keep-alive";
    private const string KeepAliveCapitalized = "Keep-Alive";

    private static readonly SearchValues<byte> TargetBytes = SearchValues.Create("!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Names as strings, by their length: those that nearly every client sends.</summary>
    private static readonly string[] UsualNames =
    [
        "Host", "Range", "Accept", "If-Range", "If-Match", "Connection", "User-Agent", "x-amz-date", "If-None-Match", "Authorization", "Accept-Encoding", "amz-sdk-request", "x-amz-user-agent",
        "If-Modified-Since", "If-Unmodified-Since", "x-amz-checksum-mode", "x-amz-content-sha256", "amz-sdk-invocation-id",
    ];

    /// <summary>Fields that tell of a body, of another protocol, or of what is to become of the connection.</summary>
    private static readonly string[] ServersFields = ["Content-Length", "Transfer-Encoding", "Expect", "Upgrade", "HTTP2-Settings", "TE", "Trailer", "Keep-Alive", "Proxy-Connection"];

    /// <summary>No server takes it in a path.</summary>
    private static ReadOnlySpan<byte> EncodedNull => "%00"u8;

    /// <summary>GET or HEAD.</summary>
    public string Method { get; private set; } = "";

    /// <summary>The request target in origin form, as sent.</summary>
    public string Target { get; private set; } = "";

    /// <summary>The fields; each name once.</summary>
    public FieldList Fields { get; } = new();

    /// <summary>Reads a head. What was read before is forgotten.</summary>
    /// <param name="bytes">What the client has sent, from the beginning of a request.</param>
    /// <param name="headBytes">For <see cref="HeadVerdict.Plain"/> the length of the head, which is that of the request.</param>
    public HeadVerdict Read(ReadOnlySpan<byte> bytes, out int headBytes)
    {
        headBytes = 0;
        Fields.Clear();
        if (!MayBecomePlain(bytes))
        {
            return HeadVerdict.Other;
        }

        HeadVerdict verdict = TryTakeLine(bytes, out ReadOnlySpan<byte> line, ref headBytes);
        if (verdict != HeadVerdict.Plain || !TryReadRequestLine(line))
        {
            return verdict == HeadVerdict.Plain ? HeadVerdict.Other : verdict;
        }

        while ((verdict = TryTakeLine(bytes, out line, ref headBytes)) == HeadVerdict.Plain)
        {
            if (line.IsEmpty)
            {
                return Fields["Host"] is [{ } host] && IsHost(host) && Fields["Connection"] is [] or [KeepAlive or KeepAliveCapitalized] ? HeadVerdict.Plain : HeadVerdict.Other;
            }

            if (Fields.Count == MostFields || !TryReadField(line))
            {
                return HeadVerdict.Other;
            }
        }

        return verdict;
    }

    private static bool MayBecomePlain(ReadOnlySpan<byte> bytes) => Begins(bytes, "GET /"u8) || Begins(bytes, "HEAD /"u8);

    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> beginning) =>
        bytes.Length >= beginning.Length ? bytes.StartsWith(beginning) : beginning.StartsWith(bytes);

    /// <summary>The line that begins after <paramref name="taken"/> bytes, without its CRLF, which is the only end of a line here.</summary>
    private static HeadVerdict TryTakeLine(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line, ref int taken)
    {
        ReadOnlySpan<byte> rest = bytes[taken..];
        int end = rest.IndexOf((byte)'\n');
        line = default;
        if (end < 0)
        {
            return bytes.Length < MostBytes ? HeadVerdict.Incomplete : HeadVerdict.Other;
        }

        taken += end + 1;
        if (end == 0 || rest[end - 1] != '\r' || taken > MostBytes)
        {
            return HeadVerdict.Other;
        }

        line = rest[..(end - 1)];
        return HeadVerdict.Plain;
    }

    private bool TryReadRequestLine(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> version = " HTTP/1.1"u8;
        if (!line.EndsWith(version))
        {
            return false;
        }

        bool isGet = line[0] == 'G';
        ReadOnlySpan<byte> target = line[(isGet ? 4 : 5)..^version.Length];
        if (target.IsEmpty || target.ContainsAnyExcept(TargetBytes) || target.IndexOf(EncodedNull) >= 0)
        {
            return false;
        }

        Method = isGet ? "GET" : "HEAD";
        if (!Ascii.Equals(target, Target))
        {
            Target = Encoding.ASCII.GetString(target);
        }

        return true;
    }

    private bool TryReadField(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(NameBytes))
        {
            return false;
        }

        ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
        if (value.IsEmpty || value.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            return false;
        }

        KeyValuePair<string, StringValues> former = Fields.Former;
        string name = NameOf(line[..colon], former.Key);
        if (Fields.ContainsKey(name) || IsServers(name))
        {
            return false;
        }

        Fields.Append(name, former.Value is [{ } text] && Ascii.Equals(value, text) ? former.Value : Encoding.ASCII.GetString(value));
        return true;
    }

    private static string NameOf(ReadOnlySpan<byte> name, string? former)
    {
        if (former is not null && Ascii.EqualsIgnoreCase(name, former))
        {
            return former;
        }

        foreach (string usual in UsualNames)
        {
            if (usual.Length == name.Length && Ascii.EqualsIgnoreCase(name, usual))
            {
                return usual;
            }
        }

        return Encoding.ASCII.GetString(name);
    }

    private static bool IsServers(string name)
    {
        foreach (string field in ServersFields)
        {
            if (field.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True for a name or an IPv4 address, with or without a port.</summary>
    private static bool IsHost(string host)
    {
        int colon = host.IndexOf(':');
        ReadOnlySpan<char> name = colon < 0 ? host : host.AsSpan(0, colon);
        return !name.IsEmpty && !name.ContainsAnyExcept(HostCharacters) && (colon < 0 || (colon < host.Length - 1 && !host.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9')));
    }
}
