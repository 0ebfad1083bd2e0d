namespace S3Proxy.Configuration;

/// <summary>Whether ETags in the form of an MD5 are taken for the MD5 of the object's bytes (requirement C6).</summary>
internal enum ETagVerification
{
    /// <summary>Once one of the origin's ETags has been the MD5 of its bytes.</summary>
    Auto,

    /// <summary>From the first object on.</summary>
    Always,

    /// <summary>Not at all; checksum headers are verified nonetheless.</summary>
    Never,
}
