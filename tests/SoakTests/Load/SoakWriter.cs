namespace S3Proxy.SoakTests.Load;

/// <summary>Who changes the objects of a bucket.</summary>
internal enum SoakWriter
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>PUT and DELETE through the proxy, one at a time for each object; nobody else.</summary>
    Proxy,

    /// <summary>Writes at the origin, past the proxy.</summary>
    Origin,
}
