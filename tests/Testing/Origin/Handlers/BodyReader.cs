using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Handlers;

/// <summary>Reads a request body into memory and checks it against every digest the client sent. Thread-safe.</summary>
internal sealed class BodyReader(long maxBytes)
{
    private const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>The body, or the error that its headers or bytes deserve.</summary>
    public async ValueTask<(byte[] Bytes, OriginResponse? Refusal)> ReadAsync(OriginCall call, bool lengthRequired, CancellationToken cancellationToken)
    {
        string? payloadHash = call.Header("x-amz-content-sha256");
        if (payloadHash?.StartsWith("STREAMING-", StringComparison.Ordinal) == true
            || call.Header("Content-Encoding")?.Contains("aws-chunked", StringComparison.OrdinalIgnoreCase) == true)
        {
            return ([], call.Error(OriginErrorCode.NotImplemented, "Chunked upload signing (aws-chunked) is not implemented here. Send the plain body."));
        }

        long? length = call.Headers.ContentLength;
        if (length is null && lengthRequired)
        {
            return ([], call.Error(OriginErrorCode.MissingContentLength));
        }

        if (length > maxBytes)
        {
            return ([], call.Error(OriginErrorCode.EntityTooLarge));
        }

        byte[]? bytes = length is { } known
            ? await ReadExactlyAsync(call.Body, known, cancellationToken)
            : await ReadToEndAsync(call.Body, cancellationToken);
        return bytes is null ? ([], call.Error(OriginErrorCode.EntityTooLarge))
            : Check(call, bytes, payloadHash) is { } refusal ? ([], refusal)
            : (bytes, null);
    }

    [SuppressMessage("Security", "CA5351", Justification = "S3 defines Content-MD5.")]
    private static OriginResponse? Check(OriginCall call, byte[] bytes, string? payloadHash)
    {
        if (payloadHash is not (null or UnsignedPayload))
        {
            if (payloadHash.Length != 64 || !payloadHash.All(char.IsAsciiHexDigit))
            {
                return call.Error(OriginErrorCode.InvalidArgument, "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-… or a valid sha256 value.");
            }

            if (!payloadHash.Equals(Convert.ToHexStringLower(SHA256.HashData(bytes)), StringComparison.OrdinalIgnoreCase))
            {
                return call.Error(OriginErrorCode.XAmzContentSHA256Mismatch, null, ("ClientComputedContentSHA256", payloadHash));
            }
        }

        if (call.Header("Content-MD5") is { } declaredMd5)
        {
            Span<byte> md5 = stackalloc byte[16];
            if (!Convert.TryFromBase64String(declaredMd5, md5, out int written) || written != md5.Length)
            {
                return call.Error(OriginErrorCode.InvalidDigest);
            }

            if (!md5.SequenceEqual(MD5.HashData(bytes)))
            {
                return call.Error(OriginErrorCode.BadDigest);
            }
        }

        foreach (string algorithm in Checksums.Algorithms)
        {
            if (call.Header(Checksums.HeaderPrefix + algorithm) is { } declared && declared != Checksums.Compute(algorithm, bytes))
            {
                return call.Error(OriginErrorCode.BadDigest, $"The {algorithm} you specified did not match the calculated checksum.");
            }
        }

        return null;
    }

    private static async ValueTask<byte[]?> ReadExactlyAsync(Stream body, long length, CancellationToken cancellationToken)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)length));
        await body.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>Null when the body is longer than the bound.</summary>
    private async ValueTask<byte[]?> ReadToEndAsync(Stream body, CancellationToken cancellationToken)
    {
        using MemoryStream collected = new();
        byte[] buffer = new byte[64 * 1024];
        int count;
        while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (collected.Length + count > maxBytes)
            {
                return null;
            }

            collected.Write(buffer, 0, count);
        }

        return collected.ToArray();
    }
}
