namespace S3Proxy.Testing.Origin.Protocol;

/// <summary>What the conditional headers decide.</summary>
internal enum PreconditionResult
{
    Proceed,
    NotModified,
    Failed,
}
