using S3Proxy.Admin;
using S3Proxy.Configuration;
using S3Proxy.Events;
using S3Proxy.Routing;

namespace S3Proxy.Reloading;

/// <summary>A configuration with what is made of it. Immutable: a request reads it once, and ends with the one that it began with.</summary>
internal sealed class ProxySnapshot
{
    /// <summary>Makes everything that requests need of a configuration.</summary>
    public ProxySnapshot(ProxyConfiguration configuration)
    {
        Configuration = configuration;
        Router = new BucketRouter(configuration);
        AdminAccess access = new(configuration.Listen.AdminToken);
        Admin = new BearerCheck(access);
        Events = new EventAccess(configuration.Events.Token, access, Admin);
    }

    /// <summary>What all else here is made of.</summary>
    public ProxyConfiguration Configuration { get; }

    /// <summary>Where the requests of a bucket go.</summary>
    public BucketRouter Router { get; }

    /// <summary>Who may use the admin port.</summary>
    public BearerCheck Admin { get; }

    /// <summary>True when the admin port asks for no token.</summary>
    public bool IsAdminOpen => Configuration.Listen.AdminToken is null;

    /// <summary>Who may tell of events.</summary>
    public EventAccess Events { get; }
}
