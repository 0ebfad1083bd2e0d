namespace S3Proxy.Caching.Redis;

/// <summary>
/// Takes the frames of a slice as they come, in pieces of any size, and gives its bytes in their order. Of bytes that come twice it gives one; a frame that begins behind bytes that
/// have not come is passed over, because another writer may still bring them. At the first thing that is no right frame it ends. Never throws for what it is fed. One user.
/// </summary>
internal sealed class SliceFrameReader(RedisVersion version, int index)
{
    private readonly int _sliceBytes = version.LengthOf(index);
    private ReadOnlyMemory<byte> _input;

    // A frame of which not all has come yet. Never more than one.
    private byte[] _carry = [];
    private int _carried;

    /// <summary>How many bytes of the slice were given.</summary>
    public int Offset { get; private set; }

    public bool IsComplete => Offset == _sliceBytes;

    /// <summary>Why it ended; <see cref="RecordProblem.None"/> while nothing is wrong.</summary>
    public RecordProblem Problem { get; private set; }

    /// <summary>Gives it what came next in the string. Only when <see cref="TryRead"/> has said that it needs more.</summary>
    /// <param name="bytes">Not to be changed until the next call.</param>
    public void Feed(ReadOnlyMemory<byte> bytes)
    {
        if (!_input.IsEmpty && !IsComplete && Problem == RecordProblem.None)
        {
            throw new InvalidOperationException("What was fed before has not been read.");
        }

        _input = bytes;
    }

    /// <summary>The next bytes of the slice, valid until the next call of any method; false when more has to be fed, or it has ended.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> body)
    {
        body = default;
        while (Problem == RecordProblem.None && !IsComplete)
        {
            if (!TryTakeFrame(out ReadOnlyMemory<byte> frame))
            {
                return false;
            }

            Problem = SliceFrames.ReadHeader(frame.Span, version, index, out int offset, out int length);
            if (Problem == RecordProblem.None && !SliceFrames.HasChecksum(frame.Span))
            {
                Problem = RecordProblem.Corrupt;
            }

            if (Problem == RecordProblem.None && offset <= Offset && offset + length > Offset)
            {
                body = frame[(SliceFrames.HeaderBytes + Offset - offset)..];
                Offset = offset + length;
                return true;
            }
        }

        return false;
    }

    /// <summary>A whole frame with a right header, where it lies in the input or else put together; false when not all of it is there, or none can be.</summary>
    private bool TryTakeFrame(out ReadOnlyMemory<byte> frame)
    {
        frame = default;
        if (_carried == 0 && TryMeasure(_input.Span, out int bytes) && bytes <= _input.Length)
        {
            frame = _input[..bytes];
            _input = _input[bytes..];
            return true;
        }

        if (Problem != RecordProblem.None || !TryCarry(SliceFrames.HeaderBytes) || !TryMeasure(_carry.AsSpan(0, _carried), out bytes) || !TryCarry(bytes))
        {
            return false;
        }

        frame = _carry.AsMemory(0, bytes);
        _carried = 0;
        return true;
    }

    /// <summary>How long the frame is that begins here; false when its header is not there or not right.</summary>
    private bool TryMeasure(ReadOnlySpan<byte> bytes, out int frameBytes)
    {
        frameBytes = 0;
        if (bytes.Length < SliceFrames.HeaderBytes)
        {
            return false;
        }

        Problem = SliceFrames.ReadHeader(bytes, version, index, out _, out int length);
        frameBytes = SliceFrames.HeaderBytes + length;
        return Problem == RecordProblem.None;
    }

    /// <summary>Moves input to the carry until it has <paramref name="bytes"/>; false when the input ended before.</summary>
    private bool TryCarry(int bytes)
    {
        if (_carry.Length < bytes)
        {
            Array.Resize(ref _carry, bytes);
        }

        int moved = Math.Min(bytes - _carried, _input.Length);
        if (moved > 0)
        {
            _input.Span[..moved].CopyTo(_carry.AsSpan(_carried));
            _input = _input[moved..];
            _carried += moved;
        }

        return _carried >= bytes;
    }
}
