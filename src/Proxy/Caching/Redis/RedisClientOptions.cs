using System.Security.Authentication;
using S3Proxy.Configuration;
using StackExchange.Redis;

namespace S3Proxy.Caching.Redis;

/// <summary>The client library's options.</summary>
internal static class RedisClientOptions
{
    private const int ReconnectMilliseconds = 200;
    private const int KeepAliveSeconds = 10;
    private const int ConfigCheckSeconds = 30;
    private const int ClusterConfigCheckSeconds = 5;

    // CONFIG is refused by many hosted servers; the others exist for connections that hear nothing.
    private static readonly HashSet<string> NeverSent = ["CONFIG"];
    private static readonly HashSet<string> NotSentWithoutChannels = ["CONFIG", "SUBSCRIBE", "UNSUBSCRIBE", "PSUBSCRIBE", "PUNSUBSCRIBE"];

    /// <summary>Whether this version of the library knows ACL users; 1.x does not.</summary>
    public static bool CanSendUser { get; } = ParsesUser();

    /// <summary>Options of one multiplexer.</summary>
    /// <param name="configuration">What the file says.</param>
    /// <param name="purpose">Shown by <c>CLIENT LIST</c>.</param>
    /// <param name="hearsChannels">False: the library's second connection to each server is not opened.</param>
    public static ConfigurationOptions Make(RedisConfiguration configuration, string purpose, bool hearsChannels)
    {
        ConfigurationOptions options = configuration.User is { } user ? ConfigurationOptions.Parse("user=" + user) : new ConfigurationOptions();
        foreach (RedisEndpoint endpoint in configuration.Endpoints)
        {
            options.EndPoints.Add(endpoint.Host, endpoint.Port);
        }

        options.ClientName = $"s3proxy-{purpose}";
        options.Password = configuration.Password;
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = (int)configuration.ConnectTimeout.TotalMilliseconds;
        options.ReconnectRetryPolicy = new LinearRetry(ReconnectMilliseconds);
        options.KeepAlive = KeepAliveSeconds;

        // How soon a failover is noticed that breaks no connection. Several servers are most likely a cluster.
        options.ConfigCheckSeconds = configuration.Endpoints.Count > 1 ? ClusterConfigCheckSeconds : ConfigCheckSeconds;

        // Keys and channels of the library's own, which an ACL would have to allow.
        options.TieBreaker = "";
        options.ConfigurationChannel = "";
        options.CommandMap = CommandMap.Create(hearsChannels ? NeverSent : NotSentWithoutChannels, available: false);
        AddTls(options, configuration);
        return options;
    }

    private static void AddTls(ConfigurationOptions options, RedisConfiguration configuration)
    {
        options.Ssl = configuration.Tls;
        if (!configuration.Tls)
        {
            return;
        }

        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (configuration.TlsCaFile is { } file)
        {
            options.CertificateValidation += CertificateAuthorities.Trusting(CertificateAuthorities.Read(File.ReadAllText(file)));
        }
    }

    private static bool ParsesUser()
    {
        try
        {
            ConfigurationOptions.Parse("user=probe");
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
