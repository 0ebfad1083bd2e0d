namespace S3Proxy.FastPath;

/// <summary>What the bytes at the beginning of a request come to.</summary>
internal enum HeadVerdict
{
    /// <summary>The head of a request that has no body, and that nobody can read in two ways.</summary>
    Plain,

    /// <summary>The beginning of what may become one.</summary>
    Incomplete,

    /// <summary>Anything else: for the server.</summary>
    Other,
}
