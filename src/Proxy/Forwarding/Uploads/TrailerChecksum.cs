using System.Security.Cryptography;
using System.Text;
using S3Proxy.Protocol;
using S3Proxy.Protocol.Checksums;

namespace S3Proxy.Forwarding.Uploads;

/// <summary>A checksum of the object that comes in the trailer of its upload (S3 User Guide, "Checking object integrity"). Used by one request.</summary>
internal sealed class TrailerChecksum : IDisposable
{
    private const string Prefix = "x-amz-checksum-";

    private readonly RunningChecksum _running;

    private TrailerChecksum(string algorithm, RunningChecksum running)
    {
        Algorithm = algorithm;
        HeaderName = Prefix + algorithm;
        _running = running;
        ValueLength = Convert.ToBase64String(running.Finish()).Length;
    }

    /// <summary>Lower case: <c>crc32</c>, <c>crc32c</c>, <c>crc64nvme</c>, <c>sha1</c> or <c>sha256</c>.</summary>
    public string Algorithm { get; }

    /// <summary>Name of the trailer, lower case.</summary>
    public string HeaderName { get; }

    /// <summary>Characters of the value.</summary>
    public int ValueLength { get; }

    /// <summary>The verified value in base64; null before <see cref="Verify"/> found it right.</summary>
    public string? Value { get; private set; }

    /// <summary>The checksum that <c>x-amz-trailer</c> announces; null when it announces anything else.</summary>
    public static TrailerChecksum? TryCreate(ReadOnlySpan<char> trailerName)
    {
        if (!trailerName.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        string algorithm = trailerName[Prefix.Length..].ToString().ToLowerInvariant();
        return algorithm != "md5" && RunningChecksum.Create(algorithm) is { } running ? new TrailerChecksum(algorithm, running) : null;
    }

    /// <summary>Takes the next bytes of the object in.</summary>
    public void Append(ReadOnlySpan<byte> data) => _running.Append(data);

    /// <summary>Null when the trailer's value is the checksum of all bytes so far.</summary>
    public S3Error? Verify(ReadOnlySpan<byte> value)
    {
        byte[] actual = _running.Finish();
        Span<byte> claimed = stackalloc byte[SHA256.HashSizeInBytes];
        string text = Encoding.ASCII.GetString(value);
        if (!Convert.TryFromBase64String(text, claimed, out int length) || length != actual.Length)
        {
            return UploadErrors.UnreadableChecksum(HeaderName);
        }

        if (!claimed[..length].SequenceEqual(actual))
        {
            return UploadErrors.ChecksumMismatch(Algorithm);
        }

        Value = Convert.ToBase64String(actual);
        return null;
    }

    public void Dispose() => _running.Dispose();
}
