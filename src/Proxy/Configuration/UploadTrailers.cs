namespace S3Proxy.Configuration;

/// <summary>What becomes of a checksum that a client sends in the trailer of an upload, once it has been verified (requirement S7).</summary>
internal enum UploadTrailers
{
    /// <summary>It ends at the proxy; the origin gets the plain body.</summary>
    Strip,

    /// <summary>The origin gets it in a trailer, as STREAMING-UNSIGNED-PAYLOAD-TRAILER, and keeps it with the object.</summary>
    Forward,
}
