using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using S3Proxy.Configuration;

namespace S3Proxy.Telemetry.AccessLogs;

/// <summary>
/// The lines of the access log. Whatever a client sends, a record is one line of printable ASCII: control characters, quotes and what is not ASCII are escaped, so that nobody writes lines of their own.
/// </summary>
internal static class AccessLine
{
    private const int LongestText = 4096;

    /// <summary>Appends a record and a line feed.</summary>
    public static void Write(ArrayBufferWriter<byte> line, AccessRecord record, AccessLogFormat format)
    {
        if (format == AccessLogFormat.Json)
        {
            WriteJson(line, record);
        }
        else
        {
            Encoding.ASCII.GetBytes(CommonOf(record), line);
        }

        line.Write("\n"u8);
    }

    private static void WriteJson(ArrayBufferWriter<byte> line, AccessRecord record)
    {
        // The default encoder leaves ASCII alone and escapes everything else.
        using Utf8JsonWriter json = new(line);
        json.WriteStartObject();
        json.WriteString("time", record.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        WriteText(json, "method", record.Method);
        json.WriteString("operation", record.Summary.Operation);
        WriteText(json, "bucket", record.Bucket);
        WriteText(json, "key", record.Key);
        WriteText(json, "path", record.Path);
        json.WriteNumber("status", record.Status);
        json.WriteString("outcome", record.Summary.Outcome.ToWire());
        json.WriteString("reason", record.Summary.Reason.ToWire());
        json.WriteString("tier", record.Summary.Tier.ToWire());
        json.WriteString("role", record.Summary.Role.ToWire());
        if (record.BodyBytes is { } bytes)
        {
            json.WriteNumber("bytes", bytes);
        }

        json.WriteNumber("duration_seconds", Seconds(record.Duration));
        if (record.FirstByte is { } firstByte)
        {
            json.WriteNumber("first_byte_seconds", Seconds(firstByte));
        }

        WriteText(json, "client", record.Client);
        WriteText(json, "remote", record.RemoteAddress);
        WriteText(json, "request_id", record.RequestId);
        WriteText(json, "trace_id", record.TraceId);
        WriteText(json, "user_agent", record.UserAgent);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, Sound(text));
        }
    }

    /// <summary>The combined log format: address, client, time, request, status, bytes, referrer (never told) and user agent.</summary>
    private static string CommonOf(AccessRecord record)
    {
        StringBuilder line = new();
        line.Append(Token(record.RemoteAddress)).Append(" - ").Append(Token(record.Client)).Append(" [");
        line.Append(record.Time.UtcDateTime.ToString("dd/MMM/yyyy:HH:mm:ss", CultureInfo.InvariantCulture)).Append(" +0000] \"");
        AppendEscaped(line, record.Method);
        line.Append(' ');
        AppendEscaped(line, record.Path);
        line.Append(' ');
        AppendEscaped(line, record.Protocol);
        line.Append(CultureInfo.InvariantCulture, $"\" {record.Status} ");
        line.Append(record.BodyBytes?.ToString(CultureInfo.InvariantCulture) ?? "-").Append(" \"-\" \"");
        AppendEscaped(line, record.UserAgent ?? "-");
        return line.Append('"').ToString();
    }

    private static string Token(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "-";
        }

        StringBuilder token = new();
        AppendEscaped(token, text.Replace(' ', '_'));
        return token.ToString();
    }

    /// <summary>As Apache does: a backslash before quotes and backslashes, <c>\xHH</c> for each byte in UTF-8 that is no printable ASCII.</summary>
    private static void AppendEscaped(StringBuilder line, string text)
    {
        foreach (byte b in Encoding.UTF8.GetBytes(Sound(text)))
        {
            if (b is (byte)'"' or (byte)'\\')
            {
                line.Append('\\').Append((char)b);
            }
            else if (b is >= (byte)' ' and <= (byte)'~')
            {
                line.Append((char)b);
            }
            else
            {
                line.Append(CultureInfo.InvariantCulture, $"\\x{b:X2}");
            }
        }
    }

    /// <summary>Text of a bounded length without broken surrogates, which JSON cannot hold.</summary>
    private static string Sound(string text)
    {
        string cut = text.Length <= LongestText ? text : text[..LongestText];
        return cut.Any(char.IsSurrogate) ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)) : cut;
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);
}
