using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace S3Proxy.Forwarding.Forms;

/// <summary>The headers of one part of a form, as far as they matter: its name and the name of its file (RFC 7578, section 4.2).</summary>
/// <param name="Name">Name of the field.</param>
/// <param name="FileName">Name of the file as the client gave it; empty for none.</param>
internal sealed record FormPartHeaders(string Name, string FileName)
{
    /// <summary>Reads the lines of the headers, without the blank line that ends them. False, with the reason, for what may mean different things to two readers.</summary>
    public static bool TryParse(ReadOnlySpan<byte> lines, [NotNullWhen(true)] out FormPartHeaders? headers, [NotNullWhen(false)] out string? reason)
    {
        headers = null;
        if (!Utf8.IsValid(lines))
        {
            reason = "the headers of a part are not UTF-8";
            return false;
        }

        foreach (string line in Encoding.UTF8.GetString(lines).Split("\r\n"))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan().ContainsAny('\r', '\n', '\0') || line[..colon].Any(char.IsWhiteSpace))
            {
                reason = "a part has a line that is no header";
                return false;
            }

            ReadOnlySpan<char> name = line.AsSpan(0, colon);
            ReadOnlySpan<char> value = line.AsSpan(colon + 1).Trim(" \t");
            if (name.Equals("Content-Transfer-Encoding", StringComparison.OrdinalIgnoreCase) && !IsIdentity(value))
            {
                reason = "a part has a Content-Transfer-Encoding";
                return false;
            }

            if (!name.Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (headers is not null || !TryParseDisposition(value, out headers))
            {
                reason = "a part must have one Content-Disposition, of the form form-data; name=\"...\"";
                return false;
            }
        }

        reason = headers is null ? "a part has no Content-Disposition" : null;
        return headers is not null;
    }

    private static bool IsIdentity(ReadOnlySpan<char> encoding) =>
        encoding.Equals("binary", StringComparison.OrdinalIgnoreCase) || encoding.Equals("8bit", StringComparison.OrdinalIgnoreCase)
        || encoding.Equals("7bit", StringComparison.OrdinalIgnoreCase);

    private static bool TryParseDisposition(ReadOnlySpan<char> text, [NotNullWhen(true)] out FormPartHeaders? headers)
    {
        headers = null;
        int end = text.IndexOf(';');
        if (end < 0 || !text[..end].Trim(" \t").Equals("form-data", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        string? name = null;
        string? fileName = null;
        ReadOnlySpan<char> rest = text[end..];
        while (!rest.IsEmpty)
        {
            if (!TryReadParameter(ref rest, out ReadOnlySpan<char> parameter, out string value))
            {
                return false;
            }

            if (parameter.Equals("name", StringComparison.OrdinalIgnoreCase))
            {
                if (name is not null)
                {
                    return false;
                }

                name = value;
            }
            else if (parameter.Equals("filename", StringComparison.OrdinalIgnoreCase))
            {
                if (fileName is not null)
                {
                    return false;
                }

                fileName = value;
            }
        }

        headers = string.IsNullOrEmpty(name) ? null : new FormPartHeaders(name, fileName ?? "");
        return headers is not null;
    }

    private static bool TryReadParameter(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> name, out string value)
    {
        name = default;
        value = "";
        rest = rest[1..].TrimStart(" \t");
        int equals = rest.IndexOf('=');
        if (equals <= 0)
        {
            return false;
        }

        name = rest[..equals].TrimEnd(" \t");
        rest = rest[(equals + 1)..].TrimStart(" \t");
        if (rest.IsEmpty || rest[0] != '"')
        {
            int end = rest.IndexOf(';');
            value = (end < 0 ? rest : rest[..end]).Trim(" \t").ToString();
            rest = end < 0 ? default : rest[end..];
            return !value.Contains('"', StringComparison.Ordinal);
        }

        return TryReadQuoted(ref rest, out value);
    }

    // Browsers write %22 for a quote; others escape it. A backslash before anything else stands for itself: some send whole paths.
    private static bool TryReadQuoted(ref ReadOnlySpan<char> rest, out string value)
    {
        StringBuilder text = new();
        int i = 1;
        for (; i < rest.Length && rest[i] != '"'; i++)
        {
            if (rest[i] == '\\' && i + 1 < rest.Length && rest[i + 1] is ('"' or '\\'))
            {
                i++;
            }

            text.Append(rest[i]);
        }

        value = text.ToString();
        bool isClosed = i < rest.Length;
        rest = isClosed ? rest[(i + 1)..].TrimStart(" \t") : default;
        return isClosed && (rest.IsEmpty || rest[0] == ';');
    }
}
