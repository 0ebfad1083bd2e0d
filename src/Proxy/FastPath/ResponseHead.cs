using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace S3Proxy.FastPath;

/// <summary>Writes heads of answers (RFC 9112, sections 4 and 5) as the server would: values in Latin-1, the date of the moment. Not thread-safe.</summary>
internal sealed class ResponseHead(TimeProvider timeProvider)
{
    private const int DateBytes = 29;

    /// <summary>All that a field's value may have here; what has more is the server's to refuse.</summary>
    private const char FirstText = ' ';

    private static readonly SearchValues<char> NotText = SearchValues.Create([.. Enumerable.Range(0, FirstText).Select(static code => (char)code), '\x7f']);

    private readonly byte[] _date = new byte[DateBytes];
    private long _dateSecond = long.MinValue;

    /// <summary>Writes status line and fields. False when there is no room, or a field has what no head may have.</summary>
    public bool TryWrite(int status, FieldList fields, Span<byte> room, out int bytes)
    {
        bytes = 0;
        ReadOnlySpan<byte> line = StatusLine(status);
        if (line.IsEmpty || !TryAdd(line, room, ref bytes))
        {
            return false;
        }

        foreach ((string name, StringValues values) in fields.Fields)
        {
            foreach (string? value in values)
            {
                if (!TryAdd(name, room, ref bytes) || !TryAdd(": "u8, room, ref bytes) || !TryAdd(value, room, ref bytes) || !TryAdd("\r\n"u8, room, ref bytes))
                {
                    return false;
                }
            }
        }

        Refresh();
        return TryAdd("Date: "u8, room, ref bytes) && TryAdd(_date, room, ref bytes) && TryAdd("\r\n\r\n"u8, room, ref bytes);
    }

    private static ReadOnlySpan<byte> StatusLine(int status) => status switch
    {
        StatusCodes.Status200OK => "HTTP/1.1 200 OK\r\n"u8,
        StatusCodes.Status206PartialContent => "HTTP/1.1 206 Partial Content\r\n"u8,
        StatusCodes.Status304NotModified => "HTTP/1.1 304 Not Modified\r\n"u8,
        _ => [],
    };

    private static bool TryAdd(ReadOnlySpan<byte> text, Span<byte> room, ref int bytes)
    {
        bool fits = text.TryCopyTo(room[bytes..]);
        bytes += fits ? text.Length : 0;
        return fits;
    }

    private static bool TryAdd(ReadOnlySpan<char> text, Span<byte> room, ref int bytes)
    {
        if (text.Length > room.Length - bytes || text.ContainsAny(NotText) || text.ContainsAnyExceptInRange('\0', '\xff'))
        {
            return false;
        }

        bytes += Encoding.Latin1.GetBytes(text, room[bytes..]);
        return true;
    }

    private void Refresh()
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        long second = now.ToUnixTimeSeconds();
        if (second != _dateSecond)
        {
            _dateSecond = second;
            now.TryFormat(_date, out _, "R", CultureInfo.InvariantCulture);
        }
    }
}
