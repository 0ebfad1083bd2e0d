namespace S3Proxy;

/// <summary>Exit codes of the process.</summary>
internal static class ExitCodes
{
    /// <summary>It ran and was asked to stop, or the check found nothing.</summary>
    public const int Success = 0;

    /// <summary>It could not start, for example because a port is taken.</summary>
    public const int CannotStart = 1;

    /// <summary>The arguments or the configuration are wrong.</summary>
    public const int BadInput = 2;

    /// <summary>It was asked to stop, and cut requests off: after <c>drain.timeout</c>, or when it was asked a second time.</summary>
    public const int CutOff = 3;
}
