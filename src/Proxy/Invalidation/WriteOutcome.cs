namespace S3Proxy.Invalidation;

/// <summary>What is known of a write when it is over.</summary>
internal enum WriteOutcome
{
    /// <summary>The origin has carried it out.</summary>
    Done,

    /// <summary>The origin has not carried it out and will not: it refused, or was never given the whole request.</summary>
    Refused,

    /// <summary>The origin may have carried it out, or may yet.</summary>
    Unknown,
}
