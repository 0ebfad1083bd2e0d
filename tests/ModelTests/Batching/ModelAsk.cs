namespace S3Proxy.ModelTests.Batching;

/// <summary>One request and what came of it.</summary>
internal sealed class ModelAsk(int number, int lane)
{
    public int Number { get; } = number;

    public int Lane { get; } = lane;

    public CancellationTokenSource Leaves { get; } = new();

    /// <summary>The batcher has been asked.</summary>
    public bool IsAsked { get; set; }

    /// <summary>Its place among all that asked.</summary>
    public int Order { get; set; }

    /// <summary>When, in ticks of the model's clock.</summary>
    public long AskedAt { get; set; }

    /// <summary>How often it was sent.</summary>
    public int Sent { get; set; }

    /// <summary>Its batch brought a result for it.</summary>
    public bool HasResult { get; set; }

    /// <summary>What its batch, or the request alone, failed with.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How often its result was given back.</summary>
    public int Orphaned { get; set; }

    public AskOutcome Outcome { get; set; }

    /// <summary>It waits in the batcher and was not sent.</summary>
    public bool IsWaiting => IsAsked && Sent == 0 && Outcome == AskOutcome.None && !Leaves.IsCancellationRequested;

    public override string ToString() => $"request {Number} of lane {Lane} (asked {IsAsked}, sent {Sent}, cancelled {Leaves.IsCancellationRequested}, result {HasResult}, outcome {Outcome}, orphaned {Orphaned})";
}
