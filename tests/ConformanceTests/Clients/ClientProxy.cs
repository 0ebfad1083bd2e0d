using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using S3Proxy.Configuration;
using S3Proxy.Pipeline;
using S3Proxy.Protocol;
using S3Proxy.Testing.Ceph;

namespace S3Proxy.ConformanceTests.Clients;

/// <summary>The proxy in this process before the gateway, in one way of telling clients apart.</summary>
internal sealed class ClientProxy : IAsyncDisposable
{
    /// <summary>Buckets may be named by host below it.</summary>
    public const string HostSuffix = "s3.localhost";

    private const string AccessKey = "CLIENT1";
    private const string SecretKey = "client-secret-1";
    private const long MemoryBytes = 256 << 20;
    private readonly WebApplication _app;
    private readonly AuthMode _mode;

    private ClientProxy(WebApplication app, AuthMode mode)
    {
        _app = app;
        _mode = mode;
    }

    public static async Task<ClientProxy> StartAsync(RadosGateway gateway, AuthMode mode)
    {
        WebApplication app = ProxyHost.Build(Configure(gateway, mode), logging => logging.SetMinimumLevel(LogLevel.None), TimeProvider.System);
        await app.StartAsync();
        return new ClientProxy(app, mode);
    }

    /// <summary>How a client comes to a bucket here.</summary>
    public ClientAccess AccessTo(string bucket)
    {
        ClientAccess access = new(ProxyHost.AddressOf(_app, ListenerRole.Data), bucket, AccessKey, SecretKey);
        return _mode == AuthMode.Anonymous ? access.AsNobody() : access;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static ProxyConfiguration Configure(RadosGateway gateway, AuthMode mode)
    {
        OriginConfiguration origin = new()
        {
            Name = "main",
            Endpoints = [gateway.Endpoint],
            Region = ClientAccess.Region,
            Credentials = new OriginCredentials { Source = OriginCredentialsSource.Static, AccessKeyId = gateway.AccessKey, SecretAccessKey = gateway.SecretKey },
        };
        // Long enough that what a write leaves stale would be seen.
        CacheRule rule = new() { Mode = CacheMode.Ttl, Ttl = TimeSpan.FromHours(1) };
        ClientKey key = new()
        {
            AccessKeyId = AccessKey,
            SecretAccessKey = SecretKey,
            Grants = [new Grant { Bucket = "*", Actions = S3Actions.Read | S3Actions.List | S3Actions.Write | S3Actions.Delete }],
        };
        return new ProxyConfiguration
        {
            Listen = new ListenConfiguration { Endpoint = new IPEndPoint(IPAddress.Loopback, 0), Admin = new IPEndPoint(IPAddress.Loopback, 0), HostSuffix = HostSuffix },
            Origins = new Dictionary<string, OriginConfiguration> { [origin.Name] = origin }.ToFrozenDictionary(),
            Buckets = FrozenDictionary<string, BucketConfiguration>.Empty,
            DefaultBucket = new BucketConfiguration { Origin = origin, Cache = rule, Coalescing = CoalescingMode.Streaming },
            Auth = new AuthConfiguration { Mode = mode, Keys = new[] { key }.ToFrozenDictionary(item => item.AccessKeyId) },
            Cache = new CacheConfiguration { Default = rule, MemorySizeBytes = MemoryBytes },
            Coalescing = new CoalescingConfiguration(),
        };
    }
}
