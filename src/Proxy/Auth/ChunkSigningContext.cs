namespace S3Proxy.Auth;

/// <summary>
/// What is needed to verify the chunk and trailer signatures of a body declared as STREAMING-AWS4-HMAC-SHA256-PAYLOAD[-TRAILER]
/// (S3 API Reference, "Signature calculations: transferring payload in multiple chunks"). Holds key material: never log it.
/// </summary>
/// <param name="SigningKey">The derived key, 32 bytes. Shared; do not change.</param>
/// <param name="Timestamp">Time stamp of the request, as in its string to sign.</param>
/// <param name="Scope"><c>date/region/s3/aws4_request</c>.</param>
/// <param name="SeedSignature">The request's own signature, which the first chunk continues.</param>
internal sealed record ChunkSigningContext(ReadOnlyMemory<byte> SigningKey, string Timestamp, string Scope, string SeedSignature)
{
    public override string ToString() => $"ChunkSigningContext({Scope})";
}
