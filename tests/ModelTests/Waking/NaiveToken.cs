using S3Proxy.Coalescing.Waking;

namespace S3Proxy.ModelTests.Waking;

/// <summary>A token as the rules read, and the real one beside it.</summary>
internal sealed class NaiveToken(int number, int key)
{
    public int Number { get; } = number;

    public int Key { get; } = key;

    public bool HasLeft { get; set; }

    public bool IsWaiting { get; set; }

    /// <summary>A wait has begun, and its caller has not heard how it ended.</summary>
    public bool IsUnheard { get; set; }

    public long? DueAt { get; set; }

    public WakeReason DueReason { get; set; }

    public WakeReason? Remembered { get; set; }

    public WakeReason? RememberedAsHeir { get; set; }

    public WakeReason? Owed { get; set; }

    public bool HasAccepted { get; set; }

    public bool WasDue { get; set; }

    /// <summary>How the last wait has to end; null while it goes on. "Cancelled" and "left" stand beside the reasons.</summary>
    public string? Expected { get; set; }

    /// <summary>Its caller awaits the last wait.</summary>
    public bool IsBusy { get; set; }

    /// <summary>Number of the event at which its caller last looked for itself: at registration and after each wait.</summary>
    public long LookedAt { get; set; }

    public CancellationTokenSource Leaves { get; set; } = new();

    public WakeToken<int> Real { get; set; } = null!;

    public override string ToString() => $"token {Number} of key {Key}";
}
