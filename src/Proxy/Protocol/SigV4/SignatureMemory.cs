using System.Security.Cryptography;

namespace S3Proxy.Protocol.SigV4;

/// <summary>
/// Signatures that were found right, by what was signed: a presigned URL that is used again, and clients that share a key and sign the same request within the same second, cost a
/// comparison instead of a SHA-256 and an HMAC. Bounded: a slot has one signature, the latest. Thread-safe.
/// </summary>
/// <remarks>
/// What is remembered is a result of a pure function, compared with all of its input byte for byte: the canonical request, time stamp, scope and signing key. A rotated or revoked key,
/// another path, query or signed header is another input. Times and grants are not part of it; they are judged at each request. Only right signatures are remembered, and only those that
/// come a second time, so that nobody without a secret can push others out, and clients that never repeat themselves cost nothing.
/// </remarks>
internal sealed class SignatureMemory
{
    /// <summary>Bytes signed beyond which a signature is not remembered: 4,096 slots hold 9 MiB at most, and about 3 with ordinary requests.</summary>
    private const int MaxSignedBytes = 2048;

    private const int Slots = 4096;

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>What came once, by its slot: the part of its signature that tells it from others.</summary>
    private readonly ulong[] _seenOnce = new ulong[Slots];

    /// <summary>Whether the signature is known to be the right one.</summary>
    /// <param name="signed">All that was signed, in one unambiguous sequence.</param>
    /// <param name="signingKey">The derived key.</param>
    /// <param name="signature">What the client sent: <see cref="SigV4Signature.HexLength"/> lower-case hexadecimal digits.</param>
    public bool Knows(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signingKey, ReadOnlySpan<byte> signature) =>
        Volatile.Read(ref _entries[SlotOf(signature, out _)]) is { } entry
        && signed.SequenceEqual(entry.Signed)
        && CryptographicOperations.FixedTimeEquals(signingKey, entry.SigningKey)
        && CryptographicOperations.FixedTimeEquals(signature, entry.Signature);

    /// <summary>Notes a right signature; it is known once it was noted twice.</summary>
    /// <param name="signed">All that was signed, in one unambiguous sequence.</param>
    /// <param name="signingKey">The derived key; kept, and not to be changed.</param>
    /// <param name="signature">The signature, found right.</param>
    public void Note(ReadOnlySpan<byte> signed, byte[] signingKey, ReadOnlySpan<byte> signature)
    {
        if (signed.Length > MaxSignedBytes)
        {
            return;
        }

        int slot = SlotOf(signature, out ulong mark);
        if (Volatile.Read(ref _seenOnce[slot]) == mark)
        {
            Volatile.Write(ref _entries[slot], new Entry(signed.ToArray(), signingKey, signature.ToArray()));
        }
        else
        {
            Volatile.Write(ref _seenOnce[slot], mark);
        }
    }

    /// <summary>Right signatures are as good as random; who makes up others finds nothing in their slots that is his.</summary>
    private static int SlotOf(ReadOnlySpan<byte> signature, out ulong mark)
    {
        mark = BitConverter.ToUInt64(signature);
        ulong other = BitConverter.ToUInt64(signature[sizeof(ulong)..]);
        return (int)(((mark ^ (other << 1)) * 0x9E3779B97F4A7C15) >> 52);
    }

    private sealed record Entry(byte[] Signed, byte[] SigningKey, byte[] Signature)
    {
        public override string ToString() => nameof(Entry);
    }
}
