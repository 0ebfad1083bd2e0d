namespace S3Proxy.Configuration;

/// <summary>Options of request coalescing.</summary>
internal sealed record CoalescingConfiguration
{
    public CoalescingMode Mode { get; init; } = CoalescingMode.Streaming;

    /// <summary>How long a flight goes on after its last reader left. Default 0: it is cancelled at once unless nearly done.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.Zero;

    /// <summary>How long a 5xx or transport failure is shared with later requests; zero turns it off. 0 to 2 s, default 0.</summary>
    public TimeSpan ErrorLinger { get; init; } = TimeSpan.Zero;

    /// <summary>How long reads of an object whose answer could not be shared skip the flight; zero turns it off. Default 10 s.</summary>
    public TimeSpan UncacheableTtl { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many of those who waited for such an answer ask the origin at the same time. Default 16.</summary>
    public int ReleaseBatch { get; init; } = 16;
}
