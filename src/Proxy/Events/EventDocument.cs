namespace S3Proxy.Events;

/// <summary>What was posted. Immutable.</summary>
internal sealed record EventDocument
{
    /// <summary>The events in it; empty for one that has none.</summary>
    public IReadOnlyList<OriginEvent> Events { get; init; } = [];

    /// <summary>ARN of the topic it came by; null when it came directly.</summary>
    public string? TopicArn { get; init; }

    /// <summary>False for what SNS has to say on its own behalf.</summary>
    public bool IsNotification { get; init; } = true;

    /// <summary>Where to confirm a subscription; null when that is not asked for.</summary>
    public string? SubscribeUrl { get; init; }
}
