using System.Buffers;
using System.IO.Pipelines;
using S3Proxy.Protocol;
using S3Proxy.Transport;

namespace S3Proxy.Forwarding.Uploads;

/// <summary>
/// The decoded body of a request, read as it comes. The last byte that has come is always withheld until the body has ended and everything claimed about it
/// has been found right; then it is given, and only then the end. So whoever passes the bytes on under a declared length cannot complete a body that is
/// refused (docs/decisions/0012). Holds one byte; forward-only; used by one reader.
/// </summary>
/// <param name="source">The body as it is received. Not completed here: it belongs to the server.</param>
/// <param name="decoder">Decodes and verifies. Disposed with the stream.</param>
internal sealed class VerifiedBodyStream(PipeReader source, UploadDecoder decoder) : ReadOnlyStream
{
    private byte _withheld;
    private bool _hasWithheld;
    private bool _ended;

    /// <summary>Why the body was refused; null while nothing is wrong.</summary>
    public S3Error? Refusal => decoder.Refusal;

    /// <exception cref="UploadRefusedException">The body is not what the request claims.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        ThrowIfRefused();
        int given = 0;
        while (given == 0 && !_ended)
        {
            ReadResult result = await source.ReadAsync(cancellationToken);
            await PoolThread.Switch();
            if (result.IsCanceled)
            {
                throw new OperationCanceledException();
            }

            given = Take(result, buffer.Span, out long consumed);
            SequencePosition position = result.Buffer.GetPosition(consumed);
            source.AdvanceTo(position, consumed == result.Buffer.Length ? result.Buffer.End : position);
            ThrowIfRefused();
        }

        return given;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder.Dispose();
        }

        base.Dispose(disposing);
    }

    private void ThrowIfRefused()
    {
        if (Refusal is { } refusal)
        {
            throw new UploadRefusedException(refusal);
        }
    }

    private int Take(in ReadResult result, Span<byte> buffer, out long consumed)
    {
        // Room for the withheld byte and one more, else a reader of single bytes would never get on.
        Span<byte> two = stackalloc byte[2];
        Span<byte> output = buffer.Length > 1 ? buffer : two;
        int filled = 0;
        if (_hasWithheld)
        {
            output[filled++] = _withheld;
        }

        filled += Decode(result.Buffer, output[filled..], out consumed);
        bool isOver = result.IsCompleted && consumed == result.Buffer.Length;
        if (isOver)
        {
            decoder.End();
        }

        if (Refusal is not null)
        {
            return 0;
        }

        _ended = isOver && filled <= buffer.Length;
        _hasWithheld = !_ended && filled > 0;
        if (_hasWithheld)
        {
            _withheld = output[--filled];
        }

        output[..filled].CopyTo(buffer);
        return filled;
    }

    private int Decode(in ReadOnlySequence<byte> input, Span<byte> output, out long consumed)
    {
        consumed = 0;
        int written = 0;
        foreach (ReadOnlyMemory<byte> segment in input)
        {
            (int taken, int given) = decoder.Decode(segment.Span, output[written..]);
            consumed += taken;
            written += given;
            if (taken < segment.Length)
            {
                break;
            }
        }

        return written;
    }
}
