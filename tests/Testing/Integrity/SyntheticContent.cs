using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace S3Proxy.Testing.Integrity;

/// <summary>
/// Bytes of any length that need no memory: each is a function of the seed and its offset, so a server can make any range and a client can
/// check any range, at about the speed of a copy.
/// </summary>
/// <remarks>
/// The content is a sequence of little-endian 64-bit words. Word <c>i</c> is <c>table[i mod 4096] XOR mix(seed, i / 4096)</c>, where the table is random
/// data made from the seed. So a byte from another offset, slice or object differs with near certainty, yet filling costs one vector XOR.
/// Immutable and thread-safe; holds a 32 KiB table.
/// </remarks>
public sealed class SyntheticContent
{
    private const int TableWords = 4096;
    private const int WordBytes = sizeof(ulong);
    private const int TableBytes = TableWords * WordBytes;
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private readonly ulong[] _table = new ulong[TableWords];
    private readonly ulong _blockSeed;

    /// <param name="length">Bytes; zero or more.</param>
    /// <param name="seed">Contents with different seeds have nothing in common.</param>
    public SyntheticContent(long length, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        Seed = seed;
        _blockSeed = Mix(seed ^ GoldenGamma);
        ulong state = seed;
        for (int i = 0; i < _table.Length; i++)
        {
            state += GoldenGamma;
            _table[i] = Mix(state);
        }

        ulong high = Mix(_blockSeed ^ (ulong)length);
        ETag = string.Create(CultureInfo.InvariantCulture, $"\"{high:x16}{Mix(high ^ seed):x16}-1\"");
    }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    public ulong Seed { get; }

    /// <summary>A quoted strong entity tag in the form S3 gives a multipart upload, the same for the same seed and length.</summary>
    public string ETag { get; }

    /// <summary>Writes the bytes that begin at <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the content.</exception>
    public void Fill(long offset, Span<byte> destination)
    {
        RefuseOutside(offset, destination.Length);
        while (!destination.IsEmpty)
        {
            int within = (int)(offset % TableBytes);
            int count = Math.Min(destination.Length, TableBytes - within);
            FillWithinBlock(BlockKey(offset), within, destination[..count]);
            destination = destination[count..];
            offset += count;
        }
    }

    /// <summary>
    /// Compares bytes that should begin at <paramref name="offset"/>. Returns the absolute offset of the first wrong one, or -1 when all are right.
    /// Bytes beyond the end of the content are wrong.
    /// </summary>
    public long FirstMismatch(long offset, ReadOnlySpan<byte> actual)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        int inside = (int)Math.Min(actual.Length, Math.Max(0, Length - offset));
        bool overlong = inside < actual.Length;
        long end = offset + inside;
        actual = actual[..inside];
        while (!actual.IsEmpty)
        {
            int within = (int)(offset % TableBytes);
            int count = Math.Min(actual.Length, TableBytes - within);
            int mismatch = MismatchWithinBlock(BlockKey(offset), within, actual[..count]);
            if (mismatch >= 0)
            {
                return offset + mismatch;
            }

            actual = actual[count..];
            offset += count;
        }

        return overlong ? end : -1;
    }

    private void FillWithinBlock(ulong key, int within, Span<byte> destination)
    {
        int head = Math.Min(destination.Length, -within & (WordBytes - 1));
        FillBytes(key, within, destination[..head]);
        Span<byte> body = destination[head..];
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(body);
        ReadOnlySpan<ulong> table = _table.AsSpan((within + head) / WordBytes % TableWords, words.Length);
        Vector<ulong> keys = new(key);
        int i = 0;
        for (; i <= words.Length - Vector<ulong>.Count; i += Vector<ulong>.Count)
        {
            (new Vector<ulong>(table[i..]) ^ keys).CopyTo(words[i..]);
        }

        for (; i < words.Length; i++)
        {
            words[i] = table[i] ^ key;
        }

        int done = head + words.Length * WordBytes;
        FillBytes(key, within + done, destination[done..]);
    }

    private int MismatchWithinBlock(ulong key, int within, ReadOnlySpan<byte> actual)
    {
        int head = Math.Min(actual.Length, -within & (WordBytes - 1));
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(actual[head..]);
        ReadOnlySpan<ulong> table = _table.AsSpan((within + head) / WordBytes % TableWords, words.Length);
        Vector<ulong> keys = new(key);
        int i = 0;
        while (i <= words.Length - Vector<ulong>.Count && (new Vector<ulong>(table[i..]) ^ keys) == new Vector<ulong>(words[i..]))
        {
            i += Vector<ulong>.Count;
        }

        int inHead = MismatchOfBytes(key, within, actual[..head]);
        if (inHead >= 0)
        {
            return inHead;
        }

        // What is left is a tail of a few words, or begins at most one vector before the first wrong byte.
        int checkedBytes = head + i * WordBytes;
        int inRest = MismatchOfBytes(key, within + checkedBytes, actual[checkedBytes..]);
        return inRest < 0 ? -1 : checkedBytes + inRest;
    }

    private void FillBytes(ulong key, int within, Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = ByteAt(key, within + i);
        }
    }

    private int MismatchOfBytes(ulong key, int within, ReadOnlySpan<byte> actual)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            if (actual[i] != ByteAt(key, within + i))
            {
                return i;
            }
        }

        return -1;
    }

    private byte ByteAt(ulong key, int within) => (byte)((_table[within / WordBytes] ^ key) >> (within % WordBytes * 8));

    private ulong BlockKey(long offset) => Mix(_blockSeed + (ulong)(offset / TableBytes) * GoldenGamma);

    private void RefuseOutside(long offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - count);
    }

    /// <summary>The finaliser of SplitMix64: every input bit reaches every output bit.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
