namespace S3Proxy.Testing.Origin.Storage;

/// <summary>Whether a bucket keeps old versions.</summary>
internal enum VersioningState
{
    Enabled,
    Suspended,
}
