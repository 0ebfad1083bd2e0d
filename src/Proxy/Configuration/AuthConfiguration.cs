using System.Collections.Frozen;
using S3Proxy.Protocol;

namespace S3Proxy.Configuration;

/// <summary>How clients prove who they are (requirement A1).</summary>
internal enum AuthMode
{
    /// <summary>Clients sign with keys of this configuration.</summary>
    SigV4,

    /// <summary>Anyone may read; nothing may be written.</summary>
    Anonymous,
}

/// <summary>Client authentication.</summary>
internal sealed record AuthConfiguration
{
    public required AuthMode Mode { get; init; }

    /// <summary>Client keys by access key id.</summary>
    public required FrozenDictionary<string, ClientKey> Keys { get; init; }

    /// <summary>Largest difference between a request's time and ours. Default 15 min, as S3.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(15);
}

/// <summary>A key the proxy issued to a client. The secret never appears in <see cref="ToString"/>.</summary>
internal sealed record ClientKey
{
    public required string AccessKeyId { get; init; }

    public required string SecretAccessKey { get; init; }

    public required IReadOnlyList<Grant> Grants { get; init; }

    public override string ToString() => $"ClientKey({AccessKeyId})";
}

/// <summary>What a key may do: actions on the keys of a bucket that start with a prefix.</summary>
internal sealed record Grant
{
    /// <summary>Client-side bucket name, or <c>"*"</c> for all.</summary>
    public required string Bucket { get; init; }

    /// <summary>Key prefix; empty for all keys.</summary>
    public string Prefix { get; init; } = "";

    public required S3Actions Actions { get; init; }
}
