namespace S3Proxy.Pipeline;

/// <summary>A request body that the proxy has read and checked, to be sent in the place of the client's stream.</summary>
/// <param name="Bytes">What is sent.</param>
/// <param name="ContentMd5">Base64 MD5 of <paramref name="Bytes"/>.</param>
/// <param name="Sha256Hex">Lower-case hex SHA-256 of <paramref name="Bytes"/>, for the signature.</param>
internal sealed record ReplacedBody(ReadOnlyMemory<byte> Bytes, string ContentMd5, string Sha256Hex);
