namespace S3Proxy.Protocol;

/// <summary>What an operation does, as grants name it (requirement A2).</summary>
[Flags]
internal enum S3Actions
{
    None = 0,

    /// <summary>Reads of objects and what belongs to them (tags, ACL, attributes, parts).</summary>
    Read = 1,

    /// <summary>Lists of keys, versions, uploads and buckets, and reads of bucket settings.</summary>
    List = 2,

    /// <summary>Anything that makes or changes an object or a setting.</summary>
    Write = 4,

    /// <summary>Removal of objects, uploads, settings and buckets.</summary>
    Delete = 8,
}
