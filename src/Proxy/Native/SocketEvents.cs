namespace S3Proxy.Native;

/// <summary>What the kernel tells of a socket (<c>EPOLLIN</c> and so on; epoll_ctl(2)).</summary>
[Flags]
internal enum SocketEvents : uint
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>There are bytes to receive, or the end of them.</summary>
    Readable = 0x1,

    /// <summary>There is room for bytes to send.</summary>
    Writable = 0x4,

    /// <summary>The connection has failed.</summary>
    Failed = 0x8,

    /// <summary>Both directions are closed.</summary>
    Closed = 0x10,

    /// <summary>The other side sends no more.</summary>
    PeerEnded = 0x2000,

    /// <summary>Tell changes, once each, and not for as long as a state lasts.</summary>
    EdgeTriggered = 0x80000000,
}
