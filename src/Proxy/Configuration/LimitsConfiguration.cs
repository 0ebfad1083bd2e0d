namespace S3Proxy.Configuration;

/// <summary>How much one client may have of the proxy (requirement A6). Immutable.</summary>
internal sealed record LimitsConfiguration
{
    /// <summary>For each access key that the proxy has checked; null: no limit.</summary>
    public LimitConfiguration? PerKey { get; init; }

    /// <summary>For each client address, an IPv6 one by its first 64 bits; null: no limit.</summary>
    public LimitConfiguration? PerAddress { get; init; }

    /// <summary>Keys, and addresses, that are remembered. Default 65,536 of each.</summary>
    public int MaxTracked { get; init; } = 65_536;
}
