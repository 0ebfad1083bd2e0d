namespace S3Proxy.Coalescing;

/// <summary>What a <see cref="SharedBody"/> needs only until its end. Locked by the body for <see cref="Waiting"/>.</summary>
internal sealed class OpenBody
{
    /// <summary>The readers that wait for bytes, linked through themselves.</summary>
    internal SharedBodyCursor? Waiting;

    /// <summary>The segments of a body that has several; made by the writer with the first byte.</summary>
    internal BodySegment[]? Segments { get; set; }

    /// <summary>Takes out everyone who waits; the caller wakes them when it has left the lock.</summary>
    internal SharedBodyCursor? TakeWaitingUnderLock()
    {
        SharedBodyCursor? waiting = Waiting;
        Waiting = null;
        for (SharedBodyCursor? cursor = waiting; cursor is not null; cursor = cursor.Next)
        {
            cursor.IsLinked = false;
        }

        return waiting;
    }
}
