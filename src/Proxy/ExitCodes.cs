namespace S3Proxy;

/// <summary>Exit codes of the process, told in docs/command-line.md.</summary>
internal static class ExitCodes
{
    /// <summary>It ran and was asked to stop, or the command did all that it was asked to do.</summary>
    public const int Success = 0;

    /// <summary>The server could not start, for example because a port is taken.</summary>
    public const int CannotStart = 1;

    /// <summary>The command did a part of what it was asked to do, or found something wrong.</summary>
    public const int Incomplete = 1;

    /// <summary>The arguments or the configuration are wrong, or the proxy refused what was asked of it.</summary>
    public const int BadInput = 2;

    /// <summary>It was asked to stop, and cut requests off: after <c>drain.timeout</c>, or when it was asked a second time.</summary>
    public const int CutOff = 3;

    /// <summary>The proxy could not be asked, or could not do it now; the same command may succeed later.</summary>
    public const int Unreachable = 4;

    /// <summary>The admin port wants another token, or lets nobody in by this name.</summary>
    public const int Denied = 5;

    /// <summary>SIGINT or SIGTERM ended a command before it was done; what shells say of SIGINT.</summary>
    public const int Interrupted = 130;
}
