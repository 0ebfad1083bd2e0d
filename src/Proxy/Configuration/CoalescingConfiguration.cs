namespace S3Proxy.Configuration;

/// <summary>Options of request coalescing.</summary>
internal sealed record CoalescingConfiguration
{
    public CoalescingMode Mode { get; init; } = CoalescingMode.Streaming;

    /// <summary>How long a flight goes on after its last reader left. Default 0: it is cancelled at once unless nearly done.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.Zero;

    /// <summary>How long a 5xx or transport failure is shared with later requests; zero turns it off. 0 to 2 s, default 0.</summary>
    public TimeSpan ErrorLinger { get; init; } = TimeSpan.Zero;
}
