namespace S3Proxy.Testing.Origin;

/// <summary>How a connection is cut.</summary>
public enum CutKind
{
    /// <summary>TCP reset: the client's read fails.</summary>
    Reset,

    /// <summary>TCP end of stream before the promised length: the client's read ends early.</summary>
    Close,
}
