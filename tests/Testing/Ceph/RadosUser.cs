namespace S3Proxy.Testing.Ceph;

/// <summary>A user of the gateway and its only key pair.</summary>
public sealed record RadosUser(string Id, string DisplayName, string AccessKey, string SecretKey);
