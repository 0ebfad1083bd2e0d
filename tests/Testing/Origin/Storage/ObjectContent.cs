using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace S3Proxy.Testing.Origin.Storage;

/// <summary>The bytes of an object: immutable, read at any place, thread-safe.</summary>
internal abstract class ObjectContent
{
    private const int HashBufferBytes = 128 * 1024;

    /// <summary>Bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Fills <paramref name="destination"/> with the bytes from <paramref name="offset"/> on; the range is within the content.</summary>
    public abstract void Read(long offset, Span<byte> destination);

    /// <summary>The MD5 of all bytes; reads them all unless an implementation knows it.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "S3 defines the ETag and Content-MD5 by MD5.")]
    public byte[] ComputeMd5()
    {
        using IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(HashBufferBytes);
        try
        {
            for (long offset = 0; offset < Length;)
            {
                int count = (int)Math.Min(buffer.Length, Length - offset);
                Read(offset, buffer.AsSpan(0, count));
                md5.AppendData(buffer, 0, count);
                offset += count;
            }

            return md5.GetHashAndReset();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
