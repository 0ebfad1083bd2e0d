namespace S3Proxy.Invalidation;

/// <summary>What reads may answer otherwise once an operation has been carried out (requirements I1, I3).</summary>
internal enum WriteScope
{
    /// <summary>None: it reads, prepares an upload, or changes what no read tells.</summary>
    None,

    /// <summary>Reads of the object that the request names.</summary>
    Object,

    /// <summary>Reads of the objects that its body names.</summary>
    ObjectsInBody,

    /// <summary>Reads of any object of the bucket.</summary>
    Bucket,
}
