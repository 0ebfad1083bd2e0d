namespace S3Proxy.Micro.Coordination;

/// <summary>One unit of work.</summary>
internal readonly record struct Step(int KeyIndex, string Key, string Tenant, long Bytes);
