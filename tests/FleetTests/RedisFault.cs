namespace S3Proxy.FleetTests;

/// <summary>What befalls Redis, or the way to it.</summary>
public enum RedisFault
{
    /// <summary>Killed; connections break, new ones are refused, and all is forgotten.</summary>
    Stopped,

    /// <summary>Stopped where it stands: connections stay open, and nobody answers.</summary>
    Paused,

    /// <summary>Everything in it is deleted, again and again.</summary>
    Flushed,

    /// <summary>Every message takes 100 ms longer, each way.</summary>
    Slow,

    /// <summary>Nothing comes through, and nobody is told.</summary>
    Partitioned,
}
