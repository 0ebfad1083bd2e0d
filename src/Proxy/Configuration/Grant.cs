using S3Proxy.Protocol;

namespace S3Proxy.Configuration;

/// <summary>What a key may do: actions on the keys of a bucket that start with a prefix.</summary>
internal sealed record Grant
{
    /// <summary>Client-side bucket name, or <c>"*"</c> for all.</summary>
    public required string Bucket { get; init; }

    /// <summary>Key prefix; empty for all keys.</summary>
    public string Prefix { get; init; } = "";

    public required S3Actions Actions { get; init; }
}
