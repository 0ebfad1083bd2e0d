using System.Diagnostics.CodeAnalysis;

namespace S3Proxy.Configuration;

/// <summary>A checked configuration, or everything that is wrong with it. Immutable.</summary>
internal sealed class ConfigurationResult
{
    private ConfigurationResult(ProxyConfiguration? configuration, IReadOnlyList<ConfigurationError> errors, ConfigurationSource source)
    {
        Configuration = configuration;
        Errors = errors;
        Source = source;
    }

    /// <summary>The configuration; null when there are errors.</summary>
    public ProxyConfiguration? Configuration { get; }

    /// <summary>All errors in the order of the file; empty when there is a configuration.</summary>
    public IReadOnlyList<ConfigurationError> Errors { get; }

    /// <summary>What it was made of.</summary>
    public ConfigurationSource Source { get; }

    /// <summary>True when there is a configuration.</summary>
    [MemberNotNullWhen(true, nameof(Configuration))]
    public bool IsValid => Configuration is not null;

    /// <summary>A configuration that can be used.</summary>
    public static ConfigurationResult Of(ProxyConfiguration configuration, ConfigurationSource source) => new(configuration, [], source);

    /// <summary>None, because of these errors; at least one.</summary>
    public static ConfigurationResult Refused(IReadOnlyList<ConfigurationError> errors, ConfigurationSource source) => new(null, errors, source);
}
