using System.Buffers;
using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Protocol.Checksums;

namespace S3Proxy.Fetching;

/// <summary>
/// Checks the bytes of a transfer that carries a whole object against what the origin says their checksum is (requirement C6): the cheapest of the
/// <c>x-amz-checksum-*</c> headers that covers the full object, else an ETag that is an MD5.
/// </summary>
/// <remarks>Used by the one task that reads the transfer.</remarks>
internal sealed class WholeObjectCheck : IDisposable
{
    private const string HeaderPrefix = "x-amz-checksum-";

    /// <summary>Cheapest first: instructions of the processor, then tables, then digests.</summary>
    private static readonly string[] Algorithms = ["crc32c", "crc64nvme", "crc32", "sha256", "sha1"];

    private static readonly SearchValues<char> HexDigit = SearchValues.Create("0123456789abcdefABCDEF");

    private readonly RunningChecksum _checksum;
    private readonly byte[] _expected;
    private readonly (string Origin, bool MustHold, ETagProofs Proofs)? _guess;

    private WholeObjectCheck(string source, RunningChecksum checksum, byte[] expected, (string Origin, bool MustHold, ETagProofs Proofs)? guess = null)
    {
        Source = source;
        _checksum = checksum;
        _expected = expected;
        _guess = guess;
    }

    /// <summary>Header that tells the checksum.</summary>
    public string Source { get; }

    /// <summary>The check an answer to a read of the whole object allows; null when it names no checksum that can be recomputed.</summary>
    /// <param name="answer">An answer with status 200.</param>
    /// <param name="origin">Says whether its ETags are believed to be MD5s.</param>
    /// <param name="proofs">Learns whether they are.</param>
    public static WholeObjectCheck? For(OriginAnswer answer, OriginConfiguration origin, ETagProofs proofs) => For(answer.Find, origin, proofs);

    private static WholeObjectCheck? For(Func<string, string?> find, OriginConfiguration origin, ETagProofs proofs)
    {
        // A composite checksum is one of the parts' checksums (S3 User Guide, "Checksum types").
        if (!string.Equals(find("x-amz-checksum-type"), "COMPOSITE", StringComparison.OrdinalIgnoreCase))
        {
            foreach (string algorithm in Algorithms)
            {
                if (find(HeaderPrefix + algorithm) is { } value && TryMake(algorithm, value) is { } check)
                {
                    return check;
                }
            }
        }

        if (origin.VerifyETag == ETagVerification.Never || Md5Of(find) is not { } md5)
        {
            return null;
        }

        bool mustHold = origin.VerifyETag == ETagVerification.Always || proofs.IsProven(origin.Identity);
        return new WholeObjectCheck("ETag", RunningChecksum.Create("md5")!, md5, (origin.Identity, mustHold, proofs));
    }

    /// <summary>The same for bytes that another replica got, by what it was told of the object.</summary>
    /// <param name="metadata">Of the version whose bytes come.</param>
    /// <param name="origin">Says whether its ETags are believed to be MD5s.</param>
    /// <param name="proofs">Learns whether they are.</param>
    public static WholeObjectCheck? For(ObjectMetadata metadata, OriginConfiguration origin, ETagProofs proofs) =>
        For(name => Find(metadata.Checksums, name) ?? Find(metadata.Headers, name) ?? (name == "ETag" ? metadata.Version.ETag : null), origin, proofs);

    /// <summary>Takes the next bytes in.</summary>
    public void Append(ReadOnlySpan<byte> bytes) => _checksum.Append(bytes);

    /// <summary>Judges what was taken in, which is the whole object: true when it is not what the checksum was made of.</summary>
    public bool Fails()
    {
        if (!_checksum.Finish().AsSpan().SequenceEqual(_expected))
        {
            return _guess is null or { MustHold: true };
        }

        if (_guess is { } guess)
        {
            guess.Proofs.Prove(guess.Origin);
        }

        return false;
    }

    public void Dispose() => _checksum.Dispose();

    private static string? Find(HeaderField[] fields, string name)
    {
        foreach (HeaderField field in fields)
        {
            if (string.Equals(field.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return field.Value.ToString();
            }
        }

        return null;
    }

    private static WholeObjectCheck? TryMake(string algorithm, string value)
    {
        // Composite values end in "-" and the number of parts, which is not base64.
        Span<byte> expected = stackalloc byte[64];
        if (!Convert.TryFromBase64String(value, expected, out int length))
        {
            return null;
        }

        RunningChecksum checksum = RunningChecksum.Create(algorithm)!;
        if (checksum.Finish().Length == length)
        {
            return new WholeObjectCheck(HeaderPrefix + algorithm, checksum, expected[..length].ToArray());
        }

        checksum.Dispose();
        return null;
    }

    /// <summary>The MD5 an ETag is: not of multipart uploads, nor of objects encrypted with a key of KMS or of the client (S3 API, "Object").</summary>
    private static byte[]? Md5Of(Func<string, string?> find)
    {
        const int HexDigits = 32;
        if (find("ETag") is not { Length: HexDigits + 2 } etag || etag.AsSpan(1, HexDigits).ContainsAnyExcept(HexDigit))
        {
            return null;
        }

        bool isPlain = find("x-amz-server-side-encryption") is null or "AES256" && find("x-amz-server-side-encryption-customer-algorithm") is null;
        return isPlain ? Convert.FromHexString(etag.AsSpan(1, HexDigits)) : null;
    }
}
