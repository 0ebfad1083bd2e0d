using System.Buffers.Binary;
using S3Proxy.Coalescing;
using S3Proxy.Protocol.Checksums;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// Frames: how the bytes of a slice are kept in Redis, one after the other in a string (decision 0015). Layout 1, numbers little-endian:
/// <code>
///  0  4  "S3PF"
///  4  1  layout, 1
///  5  3  zero
///  8 32  identity of the version (RedisKeys.Identity)
/// 40  4  index of the slice
/// 44  4  where in the slice these bytes begin
/// 48  4  how many they are, 1 to 64 KiB
/// 52  4  CRC-32C of the 52 bytes before and of the bytes
/// 56     the bytes
/// </code>
/// </summary>
internal static class SliceFrames
{
    public const byte Layout = 1;
    public const int HeaderBytes = 56;

    /// <summary>Largest body: a segment of memory, and with its header below what .NET keeps in its heap of large objects.</summary>
    public const int MaxBodyBytes = SharedBody.SegmentBytes;

    private const int LayoutAt = 4;
    private const int IdentityAt = 8;
    private const int IndexAt = 40;
    private const int OffsetAt = 44;
    private const int LengthAt = 48;
    private const int ChecksumAt = 52;

    private static ReadOnlySpan<byte> Magic => "S3PF"u8;

    /// <summary>A frame by itself.</summary>
    public static byte[] Make(RedisVersion version, int index, int offset, ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[HeaderBytes + body.Length];
        Write(frame, version, index, offset, body);
        return frame;
    }

    /// <summary>Writes a frame to the beginning of <paramref name="destination"/>; tells its length.</summary>
    /// <param name="destination">Has room for <see cref="HeaderBytes"/> and the body.</param>
    /// <param name="version">Whose bytes they are.</param>
    /// <param name="index">Of the slice.</param>
    /// <param name="offset">Where in the slice they begin.</param>
    /// <param name="body">1 to <see cref="MaxBodyBytes"/>.</param>
    public static int Write(Span<byte> destination, RedisVersion version, int index, int offset, ReadOnlySpan<byte> body)
    {
        ArgumentOutOfRangeException.ThrowIfZero(body.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, MaxBodyBytes);
        Span<byte> header = destination[..HeaderBytes];
        header.Clear();
        Magic.CopyTo(header);
        header[LayoutAt] = Layout;
        version.Identity.CopyTo(header[IdentityAt..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[IndexAt..], index);
        BinaryPrimitives.WriteInt32LittleEndian(header[OffsetAt..], offset);
        BinaryPrimitives.WriteInt32LittleEndian(header[LengthAt..], body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[ChecksumAt..], Checksum(header, body));
        body.CopyTo(destination[HeaderBytes..]);
        return HeaderBytes + body.Length;
    }

    /// <summary>Checks a header as far as it can be without the bytes.</summary>
    /// <param name="header">At least <see cref="HeaderBytes"/>.</param>
    /// <param name="version">Whose it must be.</param>
    /// <param name="index">Of which slice.</param>
    /// <param name="offset">Where the bytes begin.</param>
    /// <param name="length">How many they are; they end within the slice.</param>
    public static RecordProblem ReadHeader(ReadOnlySpan<byte> header, RedisVersion version, int index, out int offset, out int length)
    {
        offset = BinaryPrimitives.ReadInt32LittleEndian(header[OffsetAt..]);
        length = BinaryPrimitives.ReadInt32LittleEndian(header[LengthAt..]);
        if (!header.StartsWith(Magic))
        {
            return RecordProblem.Malformed;
        }

        if (header[LayoutAt] != Layout)
        {
            return RecordProblem.UnknownLayout;
        }

        if (!header.Slice(IdentityAt, version.Identity.Length).SequenceEqual(version.Identity) || BinaryPrimitives.ReadInt32LittleEndian(header[IndexAt..]) != index)
        {
            return RecordProblem.OtherIdentity;
        }

        return offset < 0 || length is < 1 or > MaxBodyBytes || length > version.LengthOf(index) - offset ? RecordProblem.Malformed : RecordProblem.None;
    }

    /// <summary>Whether the bytes of a frame, whose header was checked, are those that were written.</summary>
    public static bool HasChecksum(ReadOnlySpan<byte> frame) =>
        BinaryPrimitives.ReadUInt32LittleEndian(frame[ChecksumAt..]) == Checksum(frame, frame[HeaderBytes..]);

    private static uint Checksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> body) =>
        Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Start, header[..ChecksumAt]), body));
}
