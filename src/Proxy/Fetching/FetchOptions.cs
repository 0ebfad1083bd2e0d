namespace S3Proxy.Fetching;

/// <summary>Bounds of fetches. Each wait on the flight path ends by one of these, by a wake, or by its client leaving.</summary>
internal sealed record FetchOptions
{
    /// <summary>Bound on answers that outlive their flight. With <see cref="MaxLingeringErrorBytes"/> it bounds what they hold: 8 MiB of bodies.</summary>
    public const int MaxLingeringAnswers = 4096;

    /// <summary>How far, in slices, a run stays ahead of its fastest reader. Default 4.</summary>
    public int ReadAheadSlices { get; init; } = 4;

    /// <summary>How many slices ahead of its position a run claims, so that readers there wait for it and start no run of their own. Default 64.</summary>
    public int ClaimSlices { get; init; } = 64;

    /// <summary>A run reads over this many slices, less one, that are here or under way elsewhere, rather than end before them. Default 4.</summary>
    public int MaxGapSlices { get; init; } = 4;

    /// <summary>
    /// A request is not sent for a stretch of which more than one part in so many is here or under way elsewhere: it ends before, and what is behind is asked for by itself.
    /// Default 8: a slice is read over only where at least eight others are brought.
    /// </summary>
    public int GapShare { get; init; } = 8;

    /// <summary>How many bytes at most are read before a client asks for them, when it reads ranges in order. 0: none. Default 8 MiB.</summary>
    public long MaxReadAheadBytes { get; init; } = 8 << 20;

    /// <summary>How many origin GETs may bring one large object side by side. Default 1.</summary>
    public int ParallelRuns { get; init; } = 1;

    /// <summary>Bytes that each of several parallel runs brings. Default 8 MiB.</summary>
    public long ParallelRunBytes { get; init; } = 8 << 20;

    /// <summary><see cref="ParallelRunBytes"/> where there are several runs side by side, else null.</summary>
    public long? StripeBytes => ParallelRuns > 1 ? ParallelRunBytes : null;

    /// <summary>A run with no reader left goes on when no more than this many bytes are missing. Default 1 MiB.</summary>
    public long NearlyDoneBytes { get; init; } = 1 << 20;

    /// <summary>How long a run with no reader left waits for another. Default 0.</summary>
    public TimeSpan Grace { get; init; }

    /// <summary>A run whose readers are all too slow to need the next slice is closed after this time; they resume later. Default 30 s.</summary>
    public TimeSpan IdleRunLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The same while others wait for a slot of the origin. Default 1 s.</summary>
    public TimeSpan CrowdedIdleRunLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a run waits for memory before it gives up. Default 5 s.</summary>
    public TimeSpan MemoryWaitLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a run asks for its first byte. Default 3.</summary>
    public int MaxOpens { get; init; } = 3;

    /// <summary>How often a run that has brought bytes asks on without getting one more, within the origin's time without progress. Default 100.</summary>
    public int MaxResumesWithoutProgress { get; init; } = 100;

    /// <summary>Longest pause between two such attempts. Default 1 s.</summary>
    public TimeSpan LongestResumePause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a run resumes a transfer that broke after it had brought bytes. Default 16.</summary>
    public int MaxResumes { get; init; } = 16;

    /// <summary>Pause before the first resume; doubles with each that brings no byte. Default 50 ms.</summary>
    public TimeSpan ResumePause { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Largest body of an error that is shared among participants, in bytes. Default 64 KiB.</summary>
    public int MaxSharedErrorBytes { get; init; } = 64 * 1024;

    /// <summary>Largest body of an answer that outlives its flight, in bytes; a longer one is told only to those who wait for it. Default 2 KiB.</summary>
    public int MaxLingeringErrorBytes { get; init; } = 2 * 1024;

    /// <summary>How long failures (5xx) are shared with later requests. Default 0.</summary>
    public TimeSpan ErrorLinger { get; init; }

    /// <summary>How long reads of an object whose answer could not be shared skip the flight. Default 10 s.</summary>
    public TimeSpan UncacheableTtl { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many of those who waited for an answer that cannot be shared ask the origin at the same time. Default 16.</summary>
    public int ReleaseBatch { get; init; } = 16;

    /// <summary>How long one of them waits for its turn before it is told to come back. Default 30 s.</summary>
    public TimeSpan ReleaseWaitLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Background refreshes at the same time; one more is dropped. Default 64.</summary>
    public int MaxRefreshes { get; init; } = 64;

    /// <summary>How long an object whose refresh failed is not refreshed again. Default 1 s.</summary>
    public TimeSpan RefreshPause { get; init; } = TimeSpan.FromSeconds(1);
}
