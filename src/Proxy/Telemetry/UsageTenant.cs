namespace S3Proxy.Telemetry;

/// <summary>On whose account a read is counted.</summary>
/// <param name="Bucket">The bucket as clients name it.</param>
/// <param name="Client">Access key id, or address of a client that showed none.</param>
internal readonly record struct UsageTenant(string Bucket, string Client);
