using System.Security.Cryptography;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Uploads;

/// <summary>Passes a plain body through and holds it to the SHA-256 that the client signed for it.</summary>
/// <param name="sha256Hex">The hash declared, in hexadecimal of either case.</param>
internal sealed class PlainDecoder(string sha256Hex) : UploadDecoder
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    protected override (int Consumed, int Written) Step(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int count = Math.Min(input.Length, output.Length);
        input[..count].CopyTo(output);
        _hash.AppendData(input[..count]);
        return (count, count);
    }

    protected override S3Error? Finish() =>
        Convert.ToHexString(_hash.GetHashAndReset()).Equals(sha256Hex, StringComparison.OrdinalIgnoreCase) ? null : UploadErrors.Sha256Mismatch;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
