namespace S3Proxy.Testing.Integrity;

/// <summary>
/// A sink that compares what is written with what should come, counts it and keeps nothing. Give it to <c>CopyToAsync</c>. Not thread-safe.
/// </summary>
public sealed class IntegrityStream : Stream
{
    private readonly SyntheticContent? _content;
    private readonly ReadOnlyMemory<byte> _expected;
    private readonly long _offset;

    /// <summary>Expects <paramref name="length"/> bytes of <paramref name="content"/> from <paramref name="offset"/> on.</summary>
    public IntegrityStream(SyntheticContent content, long offset, long length)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, content.Length - offset);
        _content = content;
        _offset = offset;
        ExpectedBytes = length;
    }

    /// <summary>Expects exactly <paramref name="expected"/>.</summary>
    public IntegrityStream(ReadOnlyMemory<byte> expected)
    {
        _expected = expected;
        ExpectedBytes = expected.Length;
    }

    public long ExpectedBytes { get; }

    /// <summary>Bytes written so far, right or wrong.</summary>
    public long BytesSeen { get; private set; }

    /// <summary>Position within the body of the first wrong or surplus byte; null while there is none.</summary>
    public long? FirstMismatch { get; private set; }

    /// <summary>What was found so far.</summary>
    public BodyCheckResult Result => new(ExpectedBytes, BytesSeen, FirstMismatch);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => BytesSeen;

    public override long Position
    {
        get => BytesSeen;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (FirstMismatch is null)
        {
            long mismatch = Compare(buffer);
            FirstMismatch = mismatch < 0 ? null : BytesSeen + mismatch;
        }

        BytesSeen += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Index into <paramref name="buffer"/> of the first wrong byte, or -1.</summary>
    private long Compare(ReadOnlySpan<byte> buffer)
    {
        int wanted = (int)Math.Min(buffer.Length, Math.Max(0, ExpectedBytes - BytesSeen));
        ReadOnlySpan<byte> inside = buffer[..wanted];
        long mismatch;
        if (_content is not null)
        {
            long start = _offset + BytesSeen;
            long at = inside.IsEmpty ? -1 : _content.FirstMismatch(start, inside);
            mismatch = at < 0 ? -1 : at - start;
        }
        else
        {
            ReadOnlySpan<byte> expected = inside.IsEmpty ? default : _expected.Span.Slice((int)BytesSeen, wanted);
            int common = inside.CommonPrefixLength(expected);
            mismatch = common == wanted ? -1 : common;
        }

        return mismatch < 0 && wanted < buffer.Length ? wanted : mismatch;
    }
}
