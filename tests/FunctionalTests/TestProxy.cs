using System.Collections.Frozen;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Fleet;
using S3Proxy.Invalidation;
using S3Proxy.Origin;
using S3Proxy.Origin.Slots;
using S3Proxy.Pipeline;
using S3Proxy.Reloading;
using S3Proxy.Telemetry.Otlp;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>
/// The product in this process, with real sockets on both sides: an embedded origin, the proxy before it, and a client. At its end every flight must be over and
/// every buffer back.
/// </summary>
internal sealed class TestProxy : IAsyncDisposable
{
    public const string ClientKeyId = "CLIENT1";
    public const string ClientSecret = "client-secret-1";
    public const string OriginKeyId = "ORIGIN1";
    public const string OriginSecret = "origin-secret-1";
    public const string Bucket = "models";

    private readonly WebApplication _app;
    private readonly bool _ownsOrigin;

    private TestProxy(WebApplication app, EmbeddedOrigin origin, bool ownsOrigin)
    {
        _app = app;
        _ownsOrigin = ownsOrigin;
        Origin = origin;
        Data = ProxyHost.AddressOf(app, ListenerRole.Data);
        Admin = ProxyHost.AddressOf(app, ListenerRole.Admin);
        Client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue, UseProxy = false })
        {
            BaseAddress = Data,
            Timeout = TimeSpan.FromMinutes(2),
        };
        Signed = new SignedClient(Data, ClientKeyId, ClientSecret);
        Direct = new SignedClient(origin.Endpoint, OriginKeyId, OriginSecret);
    }

    public EmbeddedOrigin Origin { get; }

    public Uri Data { get; }

    public Uri Admin { get; }

    /// <summary>A client without limits on connections.</summary>
    public HttpClient Client { get; }

    /// <summary>A client of the proxy with the key <see cref="ClientKeyId"/>.</summary>
    public SignedClient Signed { get; }

    /// <summary>A client of the origin, past the proxy.</summary>
    public SignedClient Direct { get; }

    public MemoryTier Memory => _app.Services.GetRequiredService<MemoryTier>();

    /// <summary>The memory behind <see cref="Memory"/>.</summary>
    public PagePool Pages => _app.Services.GetRequiredService<PagePool>();

    /// <summary>The slots of the only origin.</summary>
    public OriginSlots Slots => _app.Services.GetRequiredService<OriginLoads>().Of(_app.Services.GetRequiredService<CurrentSnapshot>().Configuration.Origins["main"]).Slots;

    /// <summary>Sends spans and metrics that wait to be sent.</summary>
    public void FlushTelemetry() => _app.Services.GetRequiredService<OtlpExport>().Flush();

    public FlightTables Flights => _app.Services.GetRequiredService<FlightTables>();

    public static async Task<TestProxy> StartAsync(TestProxyOptions? options = null)
    {
        options = await SuiteRedis.AddToAsync(options ?? new TestProxyOptions());
        EmbeddedOrigin origin = options.SharedOrigin ?? await StartOriginAsync(options);
        WebApplication app = ProxyHost.Build(Configure(options, origin.Endpoint), logging => AddLogging(logging, options.Log), options.ProxyTime);
        await app.StartAsync();
        TestProxy proxy = new(app, origin, options.SharedOrigin is null);
        if (options.Redis is not null)
        {
            await proxy.WhenHearingAsync();
        }

        return proxy;
    }

    /// <summary>Starts an origin with the test's bucket.</summary>
    public static async Task<EmbeddedOrigin> StartOriginAsync(TestProxyOptions options)
    {
        EmbeddedOriginOptions originOptions = new()
        {
            Credentials = [new OriginCredential(OriginKeyId, OriginSecret)],
            TimeProvider = options.OriginTime,
            FirstByteDelay = options.FirstByteDelay,
            BytesPerSecond = options.BytesPerSecond,
        };
        originOptions = originOptions with { MaxRecordedRequests = options.MaxRecordedOriginRequests ?? originOptions.MaxRecordedRequests, MaxVersionsPerKey = options.MaxOriginVersionsPerKey };
        EmbeddedOrigin origin = await EmbeddedOrigin.StartAsync(originOptions);
        origin.CreateBucket(Bucket, options.Versioned);
        return origin;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Signed.Dispose();
        Direct.Dispose();
        try
        {
            await AssertAllBackAsync();
        }
        finally
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
            await _app.StopAsync(limit.Token);
            await _app.DisposeAsync();
            if (_ownsOrigin)
            {
                await Origin.DisposeAsync();
            }
        }
    }

    /// <summary>Forgets all objects, those that are kept in Redis too.</summary>
    public async Task ForgetAsync()
    {
        Memory.Clear();
        if (_app.Services.GetService<FleetInvalidation>() is { } fleet)
        {
            await fleet.PurgeAsync(CacheScope.All, isUnknown: false, dropSlices: true, CancellationToken.None);
        }
    }

    /// <summary>Waits, within a bound, until this replica hears the others.</summary>
    public async Task WhenHearingAsync()
    {
        TimeProvider time = _app.Services.GetRequiredService<TimeProvider>();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!_app.Services.GetRequiredService<IFleetHearing>().MayTrust(time.GetTimestamp()) && !limit.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        Assert.True(_app.Services.GetRequiredService<IFleetHearing>().MayTrust(time.GetTimestamp()));
    }

    /// <summary>Waits, within a bound, until no flight is left and the cache holds all memory that is in use; requirement F11.</summary>
    public async Task AssertAllBackAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!limit.IsCancellationRequested)
        {
            if (IsAllBack())
            {
                // Runs of mode off are in no shared table: one that was nearly done may have admitted its last slice just now. And a reader whose client has just left may begin once more before it knows.
                Memory.Clear();
                if (Memory.UsedBytes == 0 && IsAllBack())
                {
                    return;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        Assert.Equal((0, 0, 0L, 0L), (Flights.InFlightCount, Slots.InUse, Memory.ReservedBytes, Memory.UsedBytes));

        bool IsAllBack() => Flights.InFlightCount == 0 && Slots.InUse == 0 && Memory.ReservedBytes == 0;
    }

    /// <summary>Waits until so many readers share the flight of an object; <paramref name="authority"/> is the Host in mode passthrough.</summary>
    public async Task WaitForParticipantsAsync(string key, int count, string? authority = null)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        ObjectId id = new(authority is null ? "main" : $"main {authority}", Bucket, key);
        while (!limit.IsCancellationRequested)
        {
            if (Flights.Objects.TryJoin(new ObjectFlightKey(id, HeadersOnly: false), out var guard))
            {
                using (guard)
                {
                    if (guard.Flight.Participants > count)
                    {
                        return;
                    }
                }
            }

            await Task.Yield();
        }

        Assert.Fail($"{count} readers did not join.");
    }

    private static void AddLogging(ILoggingBuilder logging, LogRecords? log)
    {
        if (log is null)
        {
            logging.SetMinimumLevel(LogLevel.None);
            return;
        }

        ConsoleLog.Configure(logging, new LogConfiguration { Level = LogLevel.Debug });
        logging.ClearProviders();
        logging.AddProvider(log);
    }

    private static ProxyConfiguration Configure(TestProxyOptions options, Uri endpoint)
    {
        OriginConfiguration origin = new()
        {
            Name = "main",
            Endpoints = [.. options.MoreEndpoints, endpoint],
            Region = "us-east-1",
            Credentials = new OriginCredentials { Source = OriginCredentialsSource.Static, AccessKeyId = OriginKeyId, SecretAccessKey = OriginSecret },
            Timeouts = options.Timeouts,
        };
        origin = options.OriginSide(origin);
        BucketConfiguration bucket = new() { Origin = origin, Cache = options.Rule, Coalescing = options.Mode };
        Dictionary<string, BucketConfiguration> buckets = [];
        foreach ((string name, Func<BucketConfiguration, BucketConfiguration> change) in options.Buckets)
        {
            buckets[name] = change(bucket);
        }

        return new ProxyConfiguration
        {
            Listen = new ListenConfiguration
            {
                Endpoint = new IPEndPoint(IPAddress.Loopback, 0),
                Admin = new IPEndPoint(IPAddress.Loopback, 0),
                HostSuffix = "s3.test",
                AdminToken = options.AdminToken,
                TrustedProxies = options.TrustedProxies,
                ZeroCopy = options.ZeroCopy,
                FastPath = options.FastPath,
                ZeroCopyPolicy = options.ZeroCopyPolicy,
            },
            Origins = new Dictionary<string, OriginConfiguration> { ["main"] = origin }.ToFrozenDictionary(),
            Buckets = buckets.ToFrozenDictionary(),
            DefaultBucket = bucket,
            Auth = new AuthConfiguration
            {
                Mode = options.Auth,
                AuthorisationTtl = options.AuthorisationTtl,
                Keys = options.Keys.ToFrozenDictionary(key => key.AccessKeyId),
            },
            Cache = new CacheConfiguration { Default = options.Rule, MemorySizeBytes = options.MemoryBytes, SliceSizeBytes = options.SliceBytes, Redis = options.Redis },
            Waking = options.Waking,
            Batching = options.Batching,
            Telemetry = options.Telemetry,
            AccessLog = options.AccessLog,
            Limits = options.Limits,
            Coalescing = options.Coalescing with { Mode = options.Mode },
        };
    }
}
