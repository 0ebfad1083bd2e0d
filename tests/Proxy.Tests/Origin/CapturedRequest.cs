using Microsoft.AspNetCore.Http;

namespace S3Proxy.Tests.Origin;

/// <summary>One request as it came off the wire.</summary>
public sealed record CapturedRequest(string Method, string RawTarget, HeaderDictionary Headers, byte[] Body);
