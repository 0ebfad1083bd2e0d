namespace S3Proxy.Coalescing;

/// <summary>
/// The bytes of one flight: written once by its fetch, read from byte 0 by any number of readers while they arrive and after. There is no
/// queue and no copy for a reader, only a cursor.
/// </summary>
/// <remarks>
/// <para>One writer; any number of readers, on any thread. The <see cref="OpenBody"/> is locked for the waiting readers and the end; the watermark is
/// published after the bytes below it are written and never goes back.</para>
/// <para>Caches keep bodies by the million, so what only an open body needs goes with its end.</para>
/// <para>The memory is counted: the maker holds one reference, each cursor one, a cache one. With the last the segments go back to their
/// pool and the body can no longer be opened.</para>
/// </remarks>
public sealed class SharedBody
{
    /// <summary>Bytes of the largest segments, which all are but those of the rest (<see cref="SegmentLayout"/>).</summary>
    public const int SegmentBytes = 64 * 1024;

    /// <summary>The <see cref="OpenBody"/> until the end; then the segments, or null when there is only <see cref="_single"/>.</summary>
    private volatile object? _state = new OpenBody();
    private BodySegment _single;
    private int _watermark;
    private int _references = 1;
    private volatile SharedBodyEnd _end;

    /// <summary>Makes an empty body that will hold <paramref name="length"/> bytes, with one reference for the maker.</summary>
    public SharedBody(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
    }

    private enum SharedBodyEnd
    {
        Open,
        Completed,
        Failed,
    }

    /// <summary>Bytes of the whole body.</summary>
    public int Length { get; }

    /// <summary>Bytes that can be read.</summary>
    public int Watermark => Volatile.Read(ref _watermark);

    /// <summary>True when all bytes are there and the writer has said so.</summary>
    public bool IsComplete => _end == SharedBodyEnd.Completed;

    /// <summary>
    /// Where the writer puts the next bytes: never empty while bytes are missing, and never beyond <see cref="Length"/>. Only for the writer.
    /// </summary>
    public Memory<byte> GetWriteMemory(ISegmentPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        if (_watermark == Length)
        {
            return Memory<byte>.Empty;
        }

        SegmentLayout layout = new(Length);
        int index = layout.Find(_watermark, out int start, out int size);
        if (layout.Count > 1)
        {
            // Made with the first byte: a body that only waits for its turn costs little.
            switch (_state)
            {
                case OpenBody { Segments: null } open:
                    open.Segments = new BodySegment[layout.Count];
                    break;
                case null:
                    throw new InvalidOperationException("The body ended before its first byte.");
            }
        }

        ref BodySegment segment = ref Segment(index);
        if (segment.Source is null)
        {
            segment = pool.Rent(size);
        }

        return segment.Memory[(_watermark - start)..size];
    }

    /// <summary>Makes the next <paramref name="bytes"/> readable and wakes everyone who waits for them. Only for the writer.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More bytes than the body holds.</exception>
    public void Publish(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Length - _watermark);
        if (_state is not OpenBody open)
        {
            Volatile.Write(ref _watermark, _watermark + bytes);
            return;
        }

        SharedBodyCursor? waiting;
        lock (open)
        {
            Volatile.Write(ref _watermark, _watermark + bytes);
            waiting = open.TakeWaitingUnderLock();
        }

        SharedBodyCursor.WakeAll(waiting, SharedBodyStatus.Readable);
    }

    /// <summary>
    /// Ends the body, once; later calls change nothing. It counts as complete only if <paramref name="complete"/> and every byte is there:
    /// a short body is always a failed one.
    /// </summary>
    public void End(bool complete)
    {
        if (_state is not OpenBody open)
        {
            return;
        }

        SharedBodyCursor? waiting;
        SharedBodyStatus status;
        lock (open)
        {
            if (_end != SharedBodyEnd.Open)
            {
                return;
            }

            bool whole = complete && _watermark == Length;
            _end = whole ? SharedBodyEnd.Completed : SharedBodyEnd.Failed;
            status = whole ? SharedBodyStatus.Completed : SharedBodyStatus.Failed;
            waiting = open.TakeWaitingUnderLock();
            _state = open.Segments;
        }

        SharedBodyCursor.WakeAll(waiting, status);
    }

    /// <summary>Keeps the memory until the matching <see cref="Release"/>; false when it has been given back.</summary>
    public bool TryAddReference()
    {
        int references = Volatile.Read(ref _references);
        while (references > 0)
        {
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                return true;
            }

            references = seen;
        }

        return false;
    }

    /// <summary>Gives up one reference; true when it was the last one and the memory has gone back to its pool.</summary>
    public bool Release()
    {
        int references = Interlocked.Decrement(ref _references);
        if (references > 0)
        {
            return false;
        }

        if (references < 0)
        {
            throw new InvalidOperationException("A body was released more often than referenced.");
        }

        End(complete: false);
        ReturnSegments();
        return true;
    }

    /// <summary>
    /// The bytes readable at <paramref name="offset"/> without crossing a segment; empty when there are none yet. Valid while the caller
    /// holds a reference.
    /// </summary>
    public ReadOnlyMemory<byte> Peek(int offset)
    {
        int watermark = Watermark;
        if (offset >= watermark)
        {
            return ReadOnlyMemory<byte>.Empty;
        }

        int index = new SegmentLayout(Length).Find(offset, out int start, out int bytes);
        int end = Math.Min(watermark - start, bytes);
        return Segment(index).Memory[(offset - start)..end];
    }

    /// <summary>Where a reader at <paramref name="offset"/> stands; null when it has to wait.</summary>
    internal SharedBodyStatus? StatusAt(int offset)
    {
        // The end is read first: after it the watermark does not move.
        SharedBodyEnd end = _end;
        if (offset < Watermark)
        {
            return SharedBodyStatus.Readable;
        }

        return end switch
        {
            SharedBodyEnd.Completed => SharedBodyStatus.Completed,
            SharedBodyEnd.Failed => SharedBodyStatus.Failed,
            _ => null,
        };
    }

    /// <summary>Adds a cursor to those that wait; the status instead when it need not.</summary>
    internal SharedBodyStatus? EnqueueOrStatus(SharedBodyCursor cursor)
    {
        if (_state is not OpenBody open)
        {
            return StatusAt(cursor.Offset);
        }

        lock (open)
        {
            SharedBodyStatus? status = StatusAt(cursor.Offset);
            if (status is null)
            {
                cursor.LinkUnderLock(ref open.Waiting);
            }

            return status;
        }
    }

    /// <summary>Takes one cursor out of those that wait; false when it was woken before.</summary>
    internal bool TryDequeue(SharedBodyCursor cursor)
    {
        if (_state is not OpenBody open)
        {
            return false;
        }

        lock (open)
        {
            return cursor.UnlinkUnderLock(ref open.Waiting);
        }
    }

    private ref BodySegment Segment(int index)
    {
        object? state = _state;
        if ((state is OpenBody open ? open.Segments : (BodySegment[]?)state) is { } segments)
        {
            return ref segments[index];
        }

        return ref _single;
    }

    private void ReturnSegments()
    {
        // Called after the end: there is no open body any more.
        if ((BodySegment[]?)_state is not { } segments)
        {
            Return(ref _single);
            return;
        }

        for (int i = 0; i < segments.Length; i++)
        {
            Return(ref segments[i]);
        }
    }

    private static void Return(ref BodySegment segment)
    {
        BodySegment lent = segment;
        segment = default;
        lent.Source?.TakeBack(lent);
    }
}
