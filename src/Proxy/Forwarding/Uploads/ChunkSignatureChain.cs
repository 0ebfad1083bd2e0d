using System.Security.Cryptography;
using System.Text;
using S3Proxy.Auth;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Forwarding.Uploads;

/// <summary>
/// The chain of signatures over the chunks and the trailer of one body: each signs the one before it, the first the request itself (S3 API Reference,
/// "Signature calculations: transferring payload in multiple chunks" and "… including trailing headers"). Compares in constant time. Used by one request.
/// </summary>
internal sealed class ChunkSignatureChain : IDisposable
{
    private readonly ChunkSigningContext _context;
    private readonly IncrementalHash _chunk = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _previous = new byte[SigV4Signature.HexLength];

    public ChunkSignatureChain(ChunkSigningContext context)
    {
        _context = context;
        Encoding.ASCII.GetBytes(context.SeedSignature, _previous);
    }

    /// <summary>Takes the next bytes of the current chunk in.</summary>
    public void Append(ReadOnlySpan<byte> data) => _chunk.AppendData(data);

    /// <summary>Ends the current chunk: whether <paramref name="signature"/> is right for it. After a false the chain is of no more use.</summary>
    public bool EndChunk(ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SigV4Signature.HashBytes];
        _chunk.GetHashAndReset(hash);
        return Verify("AWS4-HMAC-SHA256-PAYLOAD\n"u8, SigV4Signature.EmptyPayloadSha256 + "\n", hash, signature);
    }

    /// <summary>Whether <paramref name="signature"/> is right for the trailer, given as <c>name:value</c> lines that each end in a line feed.</summary>
    public bool EndTrailer(ReadOnlySpan<byte> trailer, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[SigV4Signature.HashBytes];
        SHA256.HashData(trailer, hash);
        return Verify("AWS4-HMAC-SHA256-TRAILER\n"u8, "", hash, signature);
    }

    public void Dispose() => _chunk.Dispose();

    private bool Verify(ReadOnlySpan<byte> algorithm, string beforeHash, ReadOnlySpan<byte> hash, ReadOnlySpan<byte> signature)
    {
        Span<byte> hex = stackalloc byte[SigV4Signature.HexLength];
        Convert.TryToHexStringLower(hash, hex, out _);
        var text = new CanonicalBuffer(stackalloc byte[CanonicalBuffer.StackBytes]);
        try
        {
            text.Append(algorithm);
            text.Append(_context.Timestamp);
            text.Append((byte)'\n');
            text.Append(_context.Scope);
            text.Append((byte)'\n');
            text.Append(_previous);
            text.Append((byte)'\n');
            text.Append(beforeHash);
            text.Append(hex);
            Span<byte> hmac = stackalloc byte[SigV4Signature.HashBytes];
            HMACSHA256.HashData(_context.SigningKey.Span, text.Written, hmac);
            Convert.TryToHexStringLower(hmac, _previous, out _);
        }
        finally
        {
            text.Dispose();
        }

        return CryptographicOperations.FixedTimeEquals(_previous, signature);
    }
}
