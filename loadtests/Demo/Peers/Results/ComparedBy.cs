namespace S3Proxy.Demo.Peers.Results;

/// <summary>The figure by which a scenario compares servers.</summary>
internal enum ComparedBy
{
    /// <summary>More is better.</summary>
    RequestsPerSecond,

    /// <summary>Time to the last byte; less is better.</summary>
    P99,

    /// <summary>Time until all but one in a hundred clients have the first byte of the body; less is better.</summary>
    FirstByteP99,

    /// <summary>Share of answers without an origin request; more is better.</summary>
    HitRatio,
}
