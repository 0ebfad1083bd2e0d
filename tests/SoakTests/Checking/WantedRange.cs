using System.Globalization;

namespace S3Proxy.SoakTests.Checking;

/// <summary>A single range as a client asks for it (RFC 9110, section 14.1.2). Immutable.</summary>
/// <param name="First">First byte; null for a suffix.</param>
/// <param name="Last">Last byte, or the length of a suffix; null for an open range.</param>
internal sealed record WantedRange(long? First, long? Last)
{
    /// <summary>Value of the Range header.</summary>
    public string Header => string.Create(CultureInfo.InvariantCulture, $"bytes={First}-{Last}");

    /// <summary>Offset and length within a version; null when it lies behind the end.</summary>
    public (long Offset, long Length)? Within(long lengthBytes)
    {
        if (First is not { } first)
        {
            long suffix = Math.Min(Last ?? 0, lengthBytes);
            return suffix == 0 ? null : (lengthBytes - suffix, suffix);
        }

        return first >= lengthBytes ? null : (first, Math.Min(Last ?? long.MaxValue, lengthBytes - 1) - first + 1);
    }

    /// <summary>The Content-Range of its answer from a version.</summary>
    public static string ContentRange(long offset, long length, long totalBytes) =>
        string.Create(CultureInfo.InvariantCulture, $"bytes {offset}-{offset + length - 1}/{totalBytes}");
}
