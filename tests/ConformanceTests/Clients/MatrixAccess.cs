namespace S3Proxy.ConformanceTests.Clients;

/// <summary>The ways to one bucket.</summary>
internal sealed record MatrixAccess
{
    /// <summary>Through the proxy, signed with a key of the proxy's own.</summary>
    public required ClientAccess Signed { get; init; }

    /// <summary>Through a proxy that anybody may read through.</summary>
    public required ClientAccess Anonymous { get; init; }

    /// <summary>Through a proxy that leaves the judgement to the gateway, as the bucket's owner.</summary>
    public required ClientAccess Passthrough { get; init; }

    /// <summary>The same as a user to whom nothing was given.</summary>
    public required ClientAccess PassthroughStranger { get; init; }

    /// <summary>To the gateway, past every proxy, as the bucket's owner.</summary>
    public required ClientAccess Direct { get; init; }
}
