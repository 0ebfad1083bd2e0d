using System.Collections.Frozen;

namespace S3Proxy.Configuration;

/// <summary>How origins tell of objects that were written past the proxy (requirement I5). Immutable.</summary>
internal sealed record EventsConfiguration
{
    /// <summary>Where they are posted, when the configuration says nothing else.</summary>
    public const string DefaultPath = "/admin/events";

    /// <summary>Path on the admin port.</summary>
    public string Path { get; init; } = DefaultPath;

    /// <summary>Token that opens this path alone; null: that of the admin port does. Never empty.</summary>
    public string? Token { get; init; }

    /// <summary>ARNs of the SNS topics that may send; empty: any, and no subscription is confirmed.</summary>
    public FrozenSet<string> SnsTopics { get; init; } = [];

    /// <summary>Never tells the token.</summary>
    public override string ToString() => $"EventsConfiguration({Path}, {(Token is null ? "no token" : "token")}, {SnsTopics.Count} topics)";
}
