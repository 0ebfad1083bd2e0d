using S3Proxy.Pipeline;

namespace S3Proxy.FastPath;

/// <summary>An answer from memory whose headers are written.</summary>
/// <param name="Request">What the stages know of the request.</param>
/// <param name="BodyBytes">Bytes of the body that is sent; 0 for an answer without one.</param>
internal readonly record struct InstantAnswer(ProxyRequest Request, int BodyBytes);
