using System.Buffers.Text;
using System.Globalization;
using System.Text;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Forwarding.Uploads;

/// <summary>
/// Decodes aws-chunked (S3 API Reference, "Signature calculations: transferring payload in multiple chunks"):
/// <code>
/// *( size [;chunk-signature=hex] CRLF data CRLF )  0 [;chunk-signature=hex] CRLF  *( name:value CRLF ) [x-amz-trailer-signature:hex CRLF]  CRLF
/// </code>
/// Checks each chunk's signature at its end, the sum of the sizes against the declared length, and the trailer. Every line and the number of trailers are
/// bounded; a chunk is not, as none of it is held.
/// </summary>
/// <param name="decodedBytes">Bytes of the object, from <c>x-amz-decoded-content-length</c>.</param>
/// <param name="signatures">Verifies chunks and trailer; null for a body whose chunks are not signed. The decoder disposes it.</param>
/// <param name="checksum">The checksum announced for the trailer; null for none. The caller disposes it.</param>
internal sealed class ChunkedDecoder(long decodedBytes, ChunkSignatureChain? signatures, TrailerChecksum? checksum) : UploadDecoder
{
    private const int MaxSizeDigits = 16;

    private readonly LineBuffer _line = new();
    private readonly byte[] _signature = new byte[SigV4Signature.HexLength];
    private readonly byte[] _canonicalTrailer = new byte[LineBuffer.MaxBytes + 1];
    private ChunkedState _state = ChunkedState.Size;
    private long _announcedBytes;
    private long _chunkBytes;
    private int _canonicalTrailerLength;
    private bool _hasTrailerSignature;

    private static ReadOnlySpan<byte> SignatureField => "chunk-signature="u8;

    protected override (int Consumed, int Written) Step(ReadOnlySpan<byte> input, Span<byte> output) => _state switch
    {
        ChunkedState.Data => CopyData(input, output),
        ChunkedState.Complete => RefuseRest(),
        _ => (TakeLine(input), 0),
    };

    protected override S3Error? Finish() => _state == ChunkedState.Complete
        ? null
        : UploadErrors.Incomplete("it ended before its last chunk and the empty line that closes it");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            signatures?.Dispose();
        }

        base.Dispose(disposing);
    }

    private (int Consumed, int Written) CopyData(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int count = (int)Math.Min(Math.Min(input.Length, output.Length), _chunkBytes);
        ReadOnlySpan<byte> data = input[..count];
        data.CopyTo(output);
        signatures?.Append(data);
        checksum?.Append(data);
        _chunkBytes -= count;
        if (_chunkBytes == 0)
        {
            _state = ChunkedState.DataEnd;
            VerifyChunk();
        }

        return (count, count);
    }

    private (int Consumed, int Written) RefuseRest()
    {
        Refuse(UploadErrors.Incomplete("it goes on after its last chunk"));
        return (0, 0);
    }

    private int TakeLine(ReadOnlySpan<byte> input)
    {
        switch (_line.Take(input, out int consumed))
        {
            case LineState.Broken:
                Refuse(_state == ChunkedState.Trailer
                    ? UploadErrors.MalformedTrailer("a line is too long or does not end in CR LF")
                    : UploadErrors.Incomplete("the header or the end of a chunk is too long or does not end in CR LF"));
                break;
            case LineState.Whole when _state == ChunkedState.Size:
                Refuse(ReadSize(_line.Line));
                break;
            case LineState.Whole when _state == ChunkedState.DataEnd:
                Refuse(_line.Line.IsEmpty ? null : UploadErrors.Incomplete("a chunk is longer than its header says"));
                _state = ChunkedState.Size;
                break;
            case LineState.Whole:
                Refuse(_line.Line.IsEmpty ? EndTrailer() : ReadTrailer(_line.Line));
                break;
            default:
                break;
        }

        return consumed;
    }

    private S3Error? ReadSize(ReadOnlySpan<byte> line)
    {
        int semicolon = line.IndexOf((byte)';');
        ReadOnlySpan<byte> digits = semicolon < 0 ? line : line[..semicolon];
        if (digits.Length is 0 or > MaxSizeDigits || !Utf8Parser.TryParse(digits, out ulong size, out int used, 'x') || used != digits.Length)
        {
            return UploadErrors.Incomplete("a chunk does not begin with its size in hexadecimal");
        }

        if (!TryReadSignature(semicolon < 0 ? default : line[(semicolon + 1)..], hasField: semicolon >= 0, out S3Error? error))
        {
            return error;
        }

        long missingBytes = decodedBytes - _announcedBytes;
        if (size > (ulong)missingBytes || (size == 0 && missingBytes > 0))
        {
            return UploadErrors.Incomplete(
                $"its chunks hold {(size == 0 ? "fewer" : "more")} than the {decodedBytes.ToString(CultureInfo.InvariantCulture)} bytes that "
                + $"{S3Headers.DecodedContentLength} declares");
        }

        _chunkBytes = (long)size;
        _announcedBytes += _chunkBytes;
        if (size > 0)
        {
            _state = ChunkedState.Data;
            return null;
        }

        _state = ChunkedState.Trailer;
        VerifyChunk();
        return null;
    }

    private bool TryReadSignature(ReadOnlySpan<byte> field, bool hasField, out S3Error? error)
    {
        error = null;
        if (!hasField)
        {
            error = signatures is null ? null : UploadErrors.NoChunkSignature;
            return error is null;
        }

        if (!field.StartsWith(SignatureField) || field.Length != SignatureField.Length + SigV4Signature.HexLength)
        {
            error = signatures is null ? UploadErrors.Incomplete("the header of a chunk holds something besides its size and signature") : UploadErrors.NoChunkSignature;
            return false;
        }

        field[SignatureField.Length..].CopyTo(_signature);
        return true;
    }

    private void VerifyChunk()
    {
        if (signatures?.EndChunk(_signature) == false)
        {
            Refuse(UploadErrors.ChunkSignature);
        }
    }

    private S3Error? ReadTrailer(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || _hasTrailerSignature)
        {
            return UploadErrors.MalformedTrailer(colon <= 0 ? "a line has no name" : "a line follows the signature");
        }

        ReadOnlySpan<byte> name = line[..colon];
        ReadOnlySpan<byte> value = line[(colon + 1)..].Trim(" \t"u8);
        if (signatures is not null && Is(name, S3Headers.TrailerSignature))
        {
            _hasTrailerSignature = true;
            return signatures.EndTrailer(_canonicalTrailer.AsSpan(0, _canonicalTrailerLength), value) ? null : UploadErrors.TrailerSignature;
        }

        if (checksum is null || !Is(name, checksum.HeaderName) || checksum.Value is not null)
        {
            return UploadErrors.MalformedTrailer($"a line comes twice or is not announced in {S3Headers.Trailer}");
        }

        _canonicalTrailerLength = Canonical(checksum.HeaderName, value);
        return checksum.Verify(value);
    }

    private S3Error? EndTrailer()
    {
        _state = ChunkedState.Complete;
        if (checksum is null)
        {
            return null;
        }

        return checksum.Value is null ? UploadErrors.MalformedTrailer($"{checksum.HeaderName} is missing")
            : signatures is not null && !_hasTrailerSignature ? UploadErrors.MalformedTrailer($"{S3Headers.TrailerSignature} is missing")
            : null;
    }

    private int Canonical(string name, ReadOnlySpan<byte> value)
    {
        Span<byte> text = _canonicalTrailer;
        int length = Encoding.ASCII.GetBytes(name, text);
        text[length++] = (byte)':';
        value.CopyTo(text[length..]);
        length += value.Length;
        text[length++] = (byte)'\n';
        return length;
    }

    private static bool Is(ReadOnlySpan<byte> name, string expected) => Ascii.EqualsIgnoreCase(name, expected);
}
