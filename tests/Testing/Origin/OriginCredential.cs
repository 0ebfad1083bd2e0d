namespace S3Proxy.Testing.Origin;

/// <summary>A key pair the origin accepts.</summary>
public sealed record OriginCredential(string AccessKeyId, string SecretAccessKey);
