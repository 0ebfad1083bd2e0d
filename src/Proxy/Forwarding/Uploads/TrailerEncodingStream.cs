using System.Globalization;
using System.Text;

namespace S3Proxy.Forwarding.Uploads;

/// <summary>
/// Writes a verified body in aws-chunked again, without signatures and with its checksum in the trailer (STREAMING-UNSIGNED-PAYLOAD-TRAILER). Chunks have a fixed
/// size, so the length is known beforehand and nothing is held but the lines between them. Forward-only; used by one reader.
/// </summary>
/// <param name="body">The decoded body. It withholds its last byte until it is verified, so nothing after that byte is written before.</param>
/// <param name="decodedBytes">Its length.</param>
/// <param name="checksum">Has its value when the body has been read.</param>
internal sealed class TrailerEncodingStream(Stream body, long decodedBytes, TrailerChecksum checksum) : ReadOnlyStream
{
    /// <summary>Bytes of every chunk but the last. S3 asks for at least 8 KiB.</summary>
    public const int ChunkBytes = 1024 * 1024;

    private const string LineEnd = "\r\n";

    private byte[] _line = [];
    private int _lineOffset;
    private long _leftBytes = decodedBytes;
    private long _chunkBytes;
    private bool _begun;

    /// <summary>Bytes of the whole encoded body.</summary>
    public static long EncodedBytes(long decodedBytes, TrailerChecksum checksum)
    {
        (long wholeChunks, long rest) = Math.DivRem(decodedBytes, ChunkBytes);
        long overhead = wholeChunks * (SizeLine(ChunkBytes).Length + LineEnd.Length);
        overhead += rest > 0 ? SizeLine(rest).Length + LineEnd.Length : 0;
        return decodedBytes + overhead + SizeLine(0).Length + checksum.HeaderName.Length + ":".Length + checksum.ValueLength + (2 * LineEnd.Length);
    }

    /// <exception cref="UploadRefusedException">The body is refused.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!_begun)
        {
            _begun = true;
            SetLine(NextLine());
        }

        if (_lineOffset < _line.Length || buffer.IsEmpty)
        {
            int count = Math.Min(_line.Length - _lineOffset, buffer.Length);
            _line.AsMemory(_lineOffset, count).CopyTo(buffer);
            _lineOffset += count;
            return count;
        }

        if (_chunkBytes == 0)
        {
            return 0;
        }

        int read = await body.ReadAsync(buffer[..(int)Math.Min(buffer.Length, _chunkBytes)], cancellationToken);
        if (read == 0)
        {
            throw new InvalidOperationException("A verified body is shorter than its decoded length.");
        }

        _leftBytes -= read;
        _chunkBytes -= read;
        if (_chunkBytes == 0)
        {
            SetLine(LineEnd + NextLine());
        }

        return read;
    }

    private static string SizeLine(long size) => size.ToString("x", CultureInfo.InvariantCulture) + LineEnd;

    private string NextLine()
    {
        _chunkBytes = Math.Min(_leftBytes, ChunkBytes);
        return _chunkBytes > 0
            ? SizeLine(_chunkBytes)
            : $"{SizeLine(0)}{checksum.HeaderName}:{checksum.Value ?? throw new InvalidOperationException("The body has ended unverified.")}{LineEnd}{LineEnd}";
    }

    private void SetLine(string line)
    {
        _line = Encoding.ASCII.GetBytes(line);
        _lineOffset = 0;
    }
}
