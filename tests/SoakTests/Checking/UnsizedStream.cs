namespace S3Proxy.SoakTests.Checking;

/// <summary>A body whose length nobody can tell beforehand, and which may end in a connection failure.</summary>
internal sealed class UnsizedStream(byte[] bytes, bool failsAtEnd = false) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int read = Math.Min(count, bytes.Length - _position);
        if (read == 0 && failsAtEnd)
        {
            throw new IOException("The connection was reset.");
        }

        bytes.AsSpan(_position, read).CopyTo(buffer.AsSpan(offset));
        _position += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
