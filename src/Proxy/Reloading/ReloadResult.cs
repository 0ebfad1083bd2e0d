namespace S3Proxy.Reloading;

/// <summary>What came of looking at the configuration again.</summary>
internal enum ReloadResult
{
    /// <summary>It was taken over.</summary>
    Applied,

    /// <summary>It is what is in use.</summary>
    Unchanged,

    /// <summary>It has errors, or changes what needs a restart. What was in use stays, all of it.</summary>
    Refused,
}
