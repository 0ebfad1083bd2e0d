namespace S3Proxy.Configuration;

/// <summary>
/// When a client's socket refers to pages of memory instead of getting a copy. No keys of the file: the defaults are what was measured (docs/performance.md); tests take
/// others, to have every byte go that way.
/// </summary>
internal sealed record ZeroCopyPolicy
{
    /// <summary>
    /// Bytes of a page that are copied, each time it is filled, before any are referred to. Eight times a page: what its punch and its new memory cost, in copies.
    /// </summary>
    public long CopiedFirst { get; init; } = 8 * 64 * 1024;

    /// <summary>
    /// Whether a client on this machine is given pages by reference. It copies them itself then, from memory that is not in its processor's cache, which costs it more than it saves
    /// here: only tests want it.
    /// </summary>
    public bool RefersLocally { get; init; }
}
