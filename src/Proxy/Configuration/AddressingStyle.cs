namespace S3Proxy.Configuration;

/// <summary>How bucket names are put into origin URLs.</summary>
internal enum AddressingStyle
{
    /// <summary><c>http://endpoint/bucket/key</c></summary>
    Path,

    /// <summary><c>http://bucket.endpoint/key</c></summary>
    Host,
}
