namespace S3Proxy.Configuration.Changes;

/// <summary>How one configuration differs from another in one place.</summary>
internal enum ChangeKind
{
    /// <summary>It was not there.</summary>
    Added,

    /// <summary>It is not there any more.</summary>
    Removed,

    /// <summary>It has another value, or the file it names another content.</summary>
    Changed,
}
