using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests.Origin;

/// <summary>The body of one answer: every read is a step of the scheduler, and may give any number of bytes, break, end early or stall.</summary>
internal sealed class OriginBody(ModelOrigin origin, OriginVersion version, int start, int end, OriginFault? fault, int faultAfterBytes) : Stream
{
    private readonly int _limit = fault is OriginFault.Cut or OriginFault.EarlyEnd or OriginFault.Stall ? (int)Math.Min(end, (long)start + faultAfterBytes) : end;
    private int _position = start;
    private bool _closed;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(_closed, this);
        if (fault == OriginFault.SlowBody)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(faultAfterBytes + 1), origin.Time, cancellationToken);
        }

        if (_position >= _limit)
        {
            return _limit < end ? await GiveUpAsync(cancellationToken) : 0;
        }

        int take = origin.PieceOf(Math.Min(buffer.Length, _limit - _position));
        version.Content.AsMemory(_position, take).CopyTo(buffer);
        _position += take;
        return take;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (!_closed)
        {
            _closed = true;
            origin.OnBodyClosed();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> GiveUpAsync(CancellationToken cancellationToken)
    {
        switch (fault)
        {
            case OriginFault.Cut:
                throw new IOException("The origin cut the transfer.");
            case OriginFault.Stall:
                await new ModelGate().PassAsync(cancellationToken);
                return 0;
            default:
                return 0;
        }
    }
}
