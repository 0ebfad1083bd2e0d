using S3Proxy.Configuration;

namespace S3Proxy.Reloading;

/// <summary>The configuration in use. Reading it is one read of a field; a reload replaces it as a whole. Thread-safe.</summary>
internal sealed class CurrentSnapshot(ProxyConfiguration configuration)
{
    private volatile ProxySnapshot _value = new(configuration);

    /// <summary>What a request that begins now begins with. To be read once, since the next reading may be of another configuration.</summary>
    public ProxySnapshot Value => _value;

    /// <summary>The configuration of <see cref="Value"/>; for who needs no more of it.</summary>
    public ProxyConfiguration Configuration => _value.Configuration;

    /// <summary>Has requests that come from now on use <paramref name="next"/>.</summary>
    public void Replace(ProxySnapshot next) => _value = next;
}
