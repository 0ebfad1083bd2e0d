using System.Text;
using System.Text.Unicode;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Forms;

/// <summary>
/// Reads the fields of a form up to its file, which must be the last. Pushed: it is given the body from its first byte again and again, each time with more of it, and
/// goes on where it stopped. Refuses what two readers could take differently. Not thread-safe.
/// </summary>
internal sealed class FormFieldReader(FormBoundary boundary)
{
    /// <summary>S3's bound on what comes before the file's content, in bytes.</summary>
    public const int MaxBytes = 20 * 1024;

    public const int MaxFields = 100;

    private const string FileField = "file";

    private readonly List<KeyValuePair<string, string>> _fields = [];
    private int _offset;

    /// <summary>Name and value of each field before the file, in the order sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Fields => _fields;

    /// <summary>Name of the file as the client gave it; empty for none.</summary>
    public string FileName { get; private set; } = "";

    /// <summary>Where in the body the content of the file begins; negative until that is known.</summary>
    public int FileStart { get; private set; } = -1;

    /// <summary>Why the form is refused; null while nothing is wrong.</summary>
    public S3Error? Refusal { get; private set; }

    /// <summary>More of the body is needed.</summary>
    public bool IsReading => Refusal is null && FileStart < 0;

    /// <summary>Reads on.</summary>
    /// <param name="body">The body from its first byte; what was given before stands in it unchanged.</param>
    public void Read(ReadOnlySpan<byte> body)
    {
        if (_offset == 0 && !TryReadOpening(body))
        {
            return;
        }

        while (IsReading && TryReadPart(body))
        {
        }

        bool isTooLong = FileStart > MaxBytes || (IsReading && body.Length > MaxBytes) || _fields.Count > MaxFields;
        Refusal ??= isTooLong ? FormErrors.TooManyFieldBytes : null;
    }

    // The first delimiter has no line end before it.
    private bool TryReadOpening(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> opening = boundary.Delimiter.Span[2..];
        int known = Math.Min(body.Length, opening.Length);
        if (!body[..known].SequenceEqual(opening[..known]))
        {
            Refusal = FormErrors.Malformed("it does not begin with its boundary");
            return false;
        }

        return known == opening.Length && TryReadAfterDelimiter(body, opening.Length);
    }

    // True when a part follows.
    private bool TryReadAfterDelimiter(ReadOnlySpan<byte> body, int offset)
    {
        if (body.Length - offset < 2)
        {
            return false;
        }

        ReadOnlySpan<byte> next = body.Slice(offset, 2);
        if (next.SequenceEqual("\r\n"u8))
        {
            _offset = offset + 2;
            return true;
        }

        Refusal = next.SequenceEqual("--"u8) ? FormErrors.NoFile : FormErrors.Malformed("something else than a line end follows a boundary");
        return false;
    }

    // False when more of the body is needed, the file has been reached, or the form is refused.
    private bool TryReadPart(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> rest = body[_offset..];
        int blank = rest.IndexOf("\r\n\r\n"u8);
        if (blank < 0)
        {
            return false;
        }

        if (!FormPartHeaders.TryParse(rest[..blank], out FormPartHeaders? headers, out string? reason))
        {
            Refusal = FormErrors.Malformed(reason);
            return false;
        }

        int start = _offset + blank + 4;
        if (headers.Name.Equals(FileField, StringComparison.OrdinalIgnoreCase))
        {
            FileName = headers.FileName;
            FileStart = start;
            return false;
        }

        int length = body[start..].IndexOf(boundary.Delimiter.Span);
        return length >= 0 && TryReadAfterDelimiter(body, start + length + boundary.Delimiter.Length) && TryAdd(headers.Name, body.Slice(start, length));
    }

    private bool TryAdd(string name, ReadOnlySpan<byte> value)
    {
        if (!Utf8.IsValid(value))
        {
            Refusal = FormErrors.Malformed($"the value of {name} is not UTF-8");
        }
        else if (_fields.Exists(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase)))
        {
            Refusal = FormErrors.BadField(name, "is given twice");
        }
        else
        {
            _fields.Add(new(name, Encoding.UTF8.GetString(value)));
        }

        return Refusal is null;
    }
}
