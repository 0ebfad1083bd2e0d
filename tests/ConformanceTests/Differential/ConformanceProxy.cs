using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using S3Proxy.Caching.Memory;
using S3Proxy.Configuration;
using S3Proxy.Pipeline;
using S3Proxy.Protocol;
using S3Proxy.Testing.Ceph;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>The product in this process, before a gateway and with a client key of its own.</summary>
internal sealed class ConformanceProxy : IAsyncDisposable
{
    public const string ClientKeyId = "PROXYCLIENTKEY000001";
    public const string ClientSecret = "proxy-client-secret-1";

    private readonly WebApplication _app;

    private ConformanceProxy(WebApplication app)
    {
        _app = app;
        Endpoint = ProxyHost.AddressOf(app, ListenerRole.Data);
    }

    public Uri Endpoint { get; }

    /// <param name="gateway">The origin.</param>
    /// <param name="variant">How it caches and whom it lets in.</param>
    public static async Task<ConformanceProxy> StartAsync(RadosGateway gateway, ProxyVariant variant)
    {
        WebApplication app = ProxyHost.Build(Configure(gateway, variant), logging => logging.SetMinimumLevel(LogLevel.None));
        await app.StartAsync();
        return new ConformanceProxy(app);
    }

    /// <summary>Empties the cache, so that the next read is cold.</summary>
    public void Forget() => _app.Services.GetRequiredService<MemoryTier>().Clear();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static ProxyConfiguration Configure(RadosGateway gateway, ProxyVariant variant)
    {
        OriginConfiguration origin = new()
        {
            Name = "gateway",
            Endpoints = [gateway.Endpoint],
            Region = "us-east-1",
            Credentials = new OriginCredentials { Source = OriginCredentialsSource.Static, AccessKeyId = gateway.AccessKey, SecretAccessKey = gateway.SecretKey },
        };
        CacheRule rule = new() { Mode = variant.Cache, Ttl = TimeSpan.FromHours(1), NegativeTtl = TimeSpan.Zero };
        ClientKey key = new()
        {
            AccessKeyId = ClientKeyId,
            SecretAccessKey = ClientSecret,
            Grants = [new Grant { Bucket = "*", Actions = S3Actions.Read | S3Actions.List | S3Actions.Write | S3Actions.Delete }],
        };
        return new ProxyConfiguration
        {
            Listen = new ListenConfiguration
            {
                Endpoint = new IPEndPoint(IPAddress.Loopback, 0),
                Admin = new IPEndPoint(IPAddress.Loopback, 0),
                HostSuffix = RadosGateway.HostSuffix,
            },
            Origins = new Dictionary<string, OriginConfiguration> { ["gateway"] = origin }.ToFrozenDictionary(),
            Buckets = FrozenDictionary<string, BucketConfiguration>.Empty,
            DefaultBucket = new BucketConfiguration { Origin = origin, Cache = rule, Coalescing = variant.Coalescing },
            Auth = new AuthConfiguration { Mode = variant.Auth, Keys = new Dictionary<string, ClientKey> { [ClientKeyId] = key }.ToFrozenDictionary() },
            Cache = new CacheConfiguration { Default = rule, MemorySizeBytes = 128L << 20, SliceSizeBytes = variant.SliceBytes },
            Coalescing = new CoalescingConfiguration { Mode = variant.Coalescing },
        };
    }
}
