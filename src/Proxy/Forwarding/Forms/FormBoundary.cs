using System.Buffers;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace S3Proxy.Forwarding.Forms;

/// <summary>What stands between the parts of a form (RFC 2046, section 5.1.1). Immutable.</summary>
internal sealed class FormBoundary
{
    private const int MaxLength = 70;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'()+_,-./:=? ");

    private FormBoundary(string boundary)
    {
        Delimiter = Encoding.ASCII.GetBytes($"\r\n--{boundary}");
        Closing = Encoding.ASCII.GetBytes($"\r\n--{boundary}--");
    }

    /// <summary>Ends the content of a part: a line end, two hyphens, the boundary.</summary>
    public ReadOnlyMemory<byte> Delimiter { get; }

    /// <summary>What the form ends with, but for a line end that most clients send after it.</summary>
    public ReadOnlyMemory<byte> Closing { get; }

    /// <summary>Reads the boundary from a Content-Type; null when it has none, or one that RFC 2046 does not allow.</summary>
    public static FormBoundary? TryCreate(string contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out MediaTypeHeaderValue? type))
        {
            return null;
        }

        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        bool isValid = boundary.Length is > 0 and <= MaxLength && !boundary.EndsWith(' ') && !boundary.AsSpan().ContainsAnyExcept(Allowed);
        return isValid ? new FormBoundary(boundary) : null;
    }
}
