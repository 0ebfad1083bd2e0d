namespace S3Proxy.Testing.Origin;

/// <summary>How a request ended.</summary>
public enum OriginRequestOutcome
{
    /// <summary>Not ended yet.</summary>
    Active,

    /// <summary>The whole response was handed to the connection.</summary>
    Completed,

    /// <summary>A fault cut the connection or ended the body early.</summary>
    Cut,

    /// <summary>The client left, or the origin stopped listening.</summary>
    Aborted,
}
