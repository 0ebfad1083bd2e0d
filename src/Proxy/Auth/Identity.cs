using S3Proxy.Configuration;

namespace S3Proxy.Auth;

/// <summary>Who sent a request. Immutable.</summary>
internal sealed class Identity
{
    private Identity(ClientKey? key) => Key = key;

    /// <summary>Someone who showed no key, in a mode that asks for none.</summary>
    public static Identity Anonymous { get; } = new(null);

    /// <summary>Someone whose own signature the origin judges; nothing is known of it here (requirement A3).</summary>
    public static Identity JudgedByOrigin { get; } = new(null);

    public bool IsJudgedByOrigin => ReferenceEquals(this, JudgedByOrigin);

    /// <summary>The client's key; null when anonymous.</summary>
    public ClientKey? Key { get; }

    public bool IsAnonymous => Key is null;

    /// <summary>Access key id for logs and fairness; empty when anonymous.</summary>
    public string AccessKeyId => Key?.AccessKeyId ?? "";

    public static Identity Of(ClientKey key) => new(key);

    public override string ToString() => IsJudgedByOrigin ? "JudgedByOrigin" : IsAnonymous ? "Anonymous" : AccessKeyId;
}
