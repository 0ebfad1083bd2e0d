namespace S3Proxy.Coalescing;

/// <summary>
/// The bytes of one flight: written once by its fetch, read from byte 0 by any number of readers while they arrive and after. There is no
/// queue and no copy for a reader, only a cursor.
/// </summary>
/// <remarks>
/// <para>One writer; any number of readers, on any thread. <c>_lock</c> protects the waiting readers and the end; the watermark is published
/// after the bytes below it are written and never goes back.</para>
/// <para>The memory is counted: the maker holds one reference, each cursor one, a cache one. With the last the segments go back to their
/// pool and the body can no longer be opened.</para>
/// </remarks>
public sealed class SharedBody
{
    /// <summary>Bytes of each segment but the last, which may be shorter.</summary>
    public const int SegmentBytes = 64 * 1024;

    private readonly Lock _lock = new();
    private BodySegment[]? _segments;
    private BodySegment _single;
    private SharedBodyCursor? _waiting;
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
        int index = _watermark / SegmentBytes;
        int start = index * SegmentBytes;
        int size = Math.Min(SegmentBytes, Length - start);
        if (size <= 0)
        {
            return Memory<byte>.Empty;
        }

        // Made with the first byte: a body that only waits for its turn costs little.
        if (_segments is null && Length > SegmentBytes)
        {
            _segments = new BodySegment[(Length + SegmentBytes - 1) / SegmentBytes];
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
        SharedBodyCursor? waiting;
        lock (_lock)
        {
            Volatile.Write(ref _watermark, _watermark + bytes);
            waiting = TakeWaitingUnderLock();
        }

        SharedBodyCursor.WakeAll(waiting, SharedBodyStatus.Readable);
    }

    /// <summary>
    /// Ends the body, once; later calls change nothing. It counts as complete only if <paramref name="complete"/> and every byte is there:
    /// a short body is always a failed one.
    /// </summary>
    public void End(bool complete)
    {
        SharedBodyCursor? waiting;
        SharedBodyStatus status;
        lock (_lock)
        {
            if (_end != SharedBodyEnd.Open)
            {
                return;
            }

            bool whole = complete && _watermark == Length;
            _end = whole ? SharedBodyEnd.Completed : SharedBodyEnd.Failed;
            status = whole ? SharedBodyStatus.Completed : SharedBodyStatus.Failed;
            waiting = TakeWaitingUnderLock();
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

        int index = offset / SegmentBytes;
        int start = index * SegmentBytes;
        int end = Math.Min(watermark - start, SegmentBytes);
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
        lock (_lock)
        {
            SharedBodyStatus? status = StatusAt(cursor.Offset);
            if (status is null)
            {
                cursor.LinkUnderLock(ref _waiting);
            }

            return status;
        }
    }

    /// <summary>Takes one cursor out of those that wait; false when it was woken before.</summary>
    internal bool TryDequeue(SharedBodyCursor cursor)
    {
        lock (_lock)
        {
            return cursor.UnlinkUnderLock(ref _waiting);
        }
    }

    private SharedBodyCursor? TakeWaitingUnderLock()
    {
        SharedBodyCursor? waiting = _waiting;
        _waiting = null;
        for (SharedBodyCursor? cursor = waiting; cursor is not null; cursor = cursor.Next)
        {
            cursor.IsLinked = false;
        }

        return waiting;
    }

    private ref BodySegment Segment(int index)
    {
        if (_segments is null)
        {
            return ref _single;
        }

        return ref _segments[index];
    }

    private void ReturnSegments()
    {
        if (_segments is null)
        {
            Return(ref _single);
            return;
        }

        for (int i = 0; i < _segments.Length; i++)
        {
            Return(ref _segments[i]);
        }
    }

    private static void Return(ref BodySegment segment)
    {
        BodySegment lent = segment;
        segment = default;
        lent.Source?.TakeBack(lent);
    }
}
