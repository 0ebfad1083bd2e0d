using System.Security;
using System.Text;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads small text files, and tells why one cannot be read without repeating its path.</summary>
internal static class BoundedFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The text of a file in UTF-8 of at most <paramref name="maxBytes"/>, without a byte order mark.</summary>
    /// <exception cref="Exception">One that <see cref="IsExpected"/> knows.</exception>
    public static string Read(string path, int maxBytes) => TextOf(ReadBytes(path, maxBytes));

    /// <summary>Bytes in UTF-8 as text, without a byte order mark.</summary>
    /// <exception cref="DecoderFallbackException">They are not UTF-8.</exception>
    public static string TextOf(ReadOnlySpan<byte> bytes) => StrictUtf8.GetString(bytes).TrimStart('\uFEFF');

    /// <summary>The bytes of a file of at most <paramref name="maxBytes"/>.</summary>
    /// <exception cref="Exception">One that <see cref="IsExpected"/> knows.</exception>
    public static byte[] ReadBytes(string path, int maxBytes)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        byte[] bytes = new byte[maxBytes + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length > maxBytes
            ? throw new InvalidDataException($"it is larger than {maxBytes >> 10} KiB")
            : bytes[..length];
    }

    public static bool IsExpected(Exception exception) =>
        exception is IOException or InvalidDataException or UnauthorizedAccessException or SecurityException or ArgumentException or NotSupportedException;

    public static string Describe(Exception exception) => exception switch
    {
        InvalidDataException tooLarge => tooLarge.Message,
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "it is a directory, or permission is denied",
        DecoderFallbackException => "it is not UTF-8",
        PathTooLongException or ArgumentException or NotSupportedException => "the path is not valid",
        _ => "it could not be read",
    };
}
