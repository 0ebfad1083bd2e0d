using S3Proxy.Admin;
using S3Proxy.Configuration;
using S3Proxy.Routing;

namespace S3Proxy.Reloading;

/// <summary>A configuration with what is made of it. Immutable: a request reads it once, and ends with the one that it began with.</summary>
internal sealed class ProxySnapshot(ProxyConfiguration configuration)
{
    public ProxyConfiguration Configuration { get; } = configuration;

    /// <summary>Where the requests of a bucket go.</summary>
    public BucketRouter Router { get; } = new(configuration);

    /// <summary>Who may use the admin port.</summary>
    public BearerCheck Admin { get; } = new(new AdminAccess(configuration.Listen.AdminToken));
}
