using System.Globalization;

namespace S3Proxy.ModelTests.Origin;

/// <summary>One state an object had at the origin: bytes and headers, or that there was none. Immutable.</summary>
internal sealed class OriginVersion
{
    /// <summary>Tells every answer made from a version which one it was; the proxy passes it on like any header of the object.</summary>
    public const string IndexHeader = "x-model-version";

    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="index">Number of the version among those of its object, from 1.</param>
    /// <param name="contentSeed">Decides the bytes, and with them the ETag; equal seeds are an overwrite with equal content.</param>
    /// <param name="sizeBytes">Bytes; -1 for a deleted object.</param>
    public OriginVersion(int index, uint contentSeed, int sizeBytes)
    {
        Index = index;
        ContentSeed = contentSeed;
        IsDeleted = sizeBytes < 0;
        Content = Bytes(contentSeed, Math.Max(0, sizeBytes));
        ETag = string.Create(CultureInfo.InvariantCulture, $"\"{contentSeed:x8}-{sizeBytes}\"");
        VersionId = string.Create(CultureInfo.InvariantCulture, $"id{index}");
        LastModified = (Epoch + TimeSpan.FromSeconds(index)).ToString("r", CultureInfo.InvariantCulture);
    }

    public int Index { get; }

    public uint ContentSeed { get; }

    public bool IsDeleted { get; }

    public byte[] Content { get; }

    public string ETag { get; }

    public string VersionId { get; }

    public string LastModified { get; }

    public override string ToString() => IsDeleted ? $"#{Index} deleted" : $"#{Index} {ETag}";

    private static byte[] Bytes(uint seed, int length)
    {
        byte[] bytes = new byte[length];
        Span<ulong> words = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(bytes.AsSpan());
        ulong state = ((ulong)seed << 32) | 1;
        for (int i = 0; i < words.Length; i++)
        {
            state += 0x9E3779B97F4A7C15;
            words[i] = (state ^ (state >> 29)) * 0xBF58476D1CE4E5B9;
        }

        for (int i = words.Length * sizeof(ulong); i < length; i++)
        {
            bytes[i] = (byte)((seed * 31) + i);
        }

        return bytes;
    }
}
