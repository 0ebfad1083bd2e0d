using System.Net;
using S3Proxy.Configuration;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    [Fact]
    public void Absent_keys_have_the_documented_defaults()
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Least);

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9000), configuration.Listen.Endpoint);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9001), configuration.Listen.Admin);
        Assert.Null(configuration.Listen.HostSuffix);
        Assert.Null(configuration.Listen.AdminToken);
        OriginConfiguration origin = Assert.Single(configuration.Origins).Value;
        Assert.Equal("main", origin.Name);
        Assert.Equal([new Uri("http://127.0.0.1:8000")], origin.Endpoints);
        Assert.Equal("us-east-1", origin.Region);
        Assert.Equal(AddressingStyle.Path, origin.Addressing);
        Assert.Equal(OriginCredentialsSource.AwsChain, origin.Credentials.Source);
        Assert.Equal(new OriginTimeouts(), origin.Timeouts);
        Assert.Empty(configuration.Buckets);
        Assert.Equal(new CacheRule { Mode = CacheMode.Ttl }, configuration.Cache.Default);
        Assert.Equal(new CacheConfiguration { Default = configuration.Cache.Default }, configuration.Cache);
        Assert.Equal(new CoalescingConfiguration(), configuration.Coalescing);
        Assert.Equal(
            new BucketConfiguration { Origin = origin, Cache = configuration.Cache.Default, Coalescing = CoalescingMode.Streaming }, configuration.DefaultBucket);
        Assert.Equal(AuthMode.Anonymous, configuration.Auth.Mode);
        Assert.Empty(configuration.Auth.Keys);
        Assert.Equal(TimeSpan.FromMinutes(15), configuration.Auth.ClockSkew);
    }

    [Fact]
    public void Written_listeners_cache_and_coalescing_are_read()
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Full);

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 9100), configuration.Listen.Endpoint);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 9101), configuration.Listen.Admin);
        Assert.Equal("s3.example.internal", configuration.Listen.HostSuffix);
        Assert.Equal(Configurations.Secret, configuration.Listen.AdminToken);
        var rule = new CacheRule { Mode = CacheMode.Revalidate, Ttl = TimeSpan.FromSeconds(90), NegativeTtl = TimeSpan.Zero, TtlJitter = 0.1, RefreshAhead = 0.05, HonourOrigin = true };
        Assert.Equal(
            new CacheConfiguration { SliceSizeBytes = 128 << 10, MemorySizeBytes = 64 << 20, ReadAheadSlices = 8, Default = rule },
            configuration.Cache with { Redis = null });
        Assert.Equal(
            new CoalescingConfiguration { Mode = CoalescingMode.Buffered, Grace = TimeSpan.FromMilliseconds(500), ErrorLinger = TimeSpan.FromSeconds(2) },
            configuration.Coalescing);
    }

    [Fact]
    public void Without_redis_replicas_share_nothing()
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Least);

        Assert.Null(configuration.Cache.Redis);
        Assert.Equal(new WakingConfiguration(), configuration.Waking);
        Assert.Equal(new BatchingConfiguration(), configuration.Batching);
        Assert.True(configuration.Waking.Enabled && configuration.Batching.Enabled);
    }

    [Fact]
    public void Redis_waking_and_batching_are_read()
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Full);

        RedisConfiguration redis = configuration.Cache.Redis!;
        Assert.Equal([new RedisEndpoint("10.0.0.1", 6379), new RedisEndpoint("redis-2", 6379)], redis.Endpoints);
        Assert.Equal(new RedisConfiguration { Endpoints = redis.Endpoints, Namespace = "prod", Password = Configurations.Secret }, redis);
        Assert.Equal("Redis at 10.0.0.1:6379,redis-2:6379, prod:main", redis.ToString());
        Assert.Equal(new WakingConfiguration { Enabled = false, MaxWait = TimeSpan.Zero }, configuration.Waking);
        Assert.Equal(new BatchingConfiguration { Enabled = false }, configuration.Batching);
    }

    [Theory]
    [InlineData("redis", "redis", 6379)]
    [InlineData("\"[::1]:7000\"", "::1", 7000)]
    [InlineData("127.0.0.1:1", "127.0.0.1", 1)]
    [InlineData("Redis.Example.Internal:65535", "redis.example.internal", 65535)]
    public void A_redis_server_is_a_host_and_a_port(string connection, string host, int port) =>
        Assert.Equal([new RedisEndpoint(host, port)], Configurations.Valid(Configurations.Least + $"\ncache: {{ redis: {{ connection: {connection} }} }}").Cache.Redis!.Endpoints);

    [Fact]
    public void Written_origins_and_buckets_are_read()
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Full);

        OriginConfiguration main = configuration.Origins["main"];
        Assert.Equal(["http://127.0.0.1:8000/", "http://[::1]:8001/"], main.Endpoints.Select(endpoint => endpoint.AbsoluteUri));
        Assert.Equal("eu-west-1", main.Region);
        Assert.Equal(
            new OriginCredentials
            {
                Source = OriginCredentialsSource.Static,
                AccessKeyId = "AK",
                SecretAccessKey = Configurations.Secret,
                SessionToken = Configurations.Secret,
            },
            main.Credentials);
        Assert.Equal(
            new OriginTimeouts { Connect = TimeSpan.FromSeconds(1), FirstByte = TimeSpan.FromSeconds(2), NoProgress = TimeSpan.FromSeconds(3) }, main.Timeouts);
        OriginConfiguration cdn = configuration.Origins["cdn"];
        Assert.Equal(AddressingStyle.Host, cdn.Addressing);
        Assert.Equal(OriginCredentialsSource.Anonymous, cdn.Credentials.Source);
        Assert.Equal(
            new BucketConfiguration
            {
                Origin = cdn,
                OriginBucket = "prod-models",
                Prefix = "v2/",
                Cache = configuration.Cache.Default with { Mode = CacheMode.Immutable },
                Coalescing = CoalescingMode.Off,
            },
            Assert.Single(configuration.Buckets).Value);
        Assert.Equal(CoalescingMode.Buffered, configuration.DefaultBucket!.Coalescing);
    }

    [Fact]
    public void Written_keys_and_grants_are_read()
    {
        AuthConfiguration auth = Configurations.Valid(Configurations.Full).Auth;

        Assert.Equal(AuthMode.SigV4, auth.Mode);
        Assert.Equal(TimeSpan.FromMinutes(5), auth.ClockSkew);
        ClientKey key = Assert.Single(auth.Keys).Value;
        Assert.Equal("CLIENT1", key.AccessKeyId);
        Assert.Equal(Configurations.Secret, key.SecretAccessKey);
        Assert.Equal(
            [
                new Grant { Bucket = "*", Prefix = "a/", Actions = S3Actions.Read | S3Actions.List },
                new Grant { Bucket = "models", Actions = S3Actions.Write | S3Actions.Delete },
            ],
            key.Grants);
    }

    [Theory]
    [InlineData("http://localhost:0", "127.0.0.1:0")]
    [InlineData("http://0.0.0.0:80", "0.0.0.0:80")]
    [InlineData("http://[::1]", "[::1]:80")]
    [InlineData("http://10.1.2.3:65535/", "10.1.2.3:65535")]
    public void Addresses_to_listen_on(string written, string bound) =>
        Assert.Equal(IPEndPoint.Parse(bound), Configurations.Valid($"listen: {{ endpoint: \"{written}\" }}\n{Configurations.Least}").Listen.Endpoint);

    [Fact]
    public void A_star_listens_on_all_addresses() =>
        Assert.Contains(
            Configurations.Valid($"listen: {{ endpoint: \"http://*:9000\" }}\n{Configurations.Least}").Listen.Endpoint.Address.ToString(), new[] { "::", "0.0.0.0" });

    [Fact]
    public void Secrets_come_trimmed_from_the_environment()
    {
        const string Yaml = """
            origins: { main: { endpoints: [http://127.0.0.1:8000], credentials: { accessKeyId: AK, secretAccessKeyEnv: ORIGIN_SECRET } } }
            buckets: { "*": { origin: main } }
            auth: { mode: anonymous }
            """;

        Assert.Equal("s3cr3t", Configurations.Valid(Yaml, ("ORIGIN_SECRET", " s3cr3t\n")).Origins["main"].Credentials.SecretAccessKey);
        ConfigurationError unset = Assert.Single(Configurations.Load(Yaml).Errors);
        Assert.Equal("origins.main.credentials.secretAccessKeyEnv", unset.Path);
        Assert.Contains("empty", Assert.Single(Configurations.Load(Yaml, ("ORIGIN_SECRET", " ")).Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_come_trimmed_from_a_file_beside_the_configuration()
    {
        string directory = Directory.CreateTempSubdirectory("s3proxy-").FullName;
        try
        {
            string file = Path.Combine(directory, "s3proxy.yaml");
            File.WriteAllText(file, "listen: { admin: http://0.0.0.0:9001, adminTokenFile: token }\n" + Configurations.Least);
            ConfigurationError missing = Assert.Single(ConfigurationLoader.LoadFile(file, new Dictionary<string, string>()).Errors);
            Assert.Equal(("listen.adminTokenFile", 1), (missing.Path, missing.Line));

            File.WriteAllText(Path.Combine(directory, "token"), "\uFEFFs3cr3t\r\n");
            Assert.Equal("s3cr3t", ConfigurationLoader.LoadFile(file, new Dictionary<string, string>()).Configuration!.Listen.AdminToken);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_an_error()
    {
        string directory = Path.GetTempPath();
        foreach (string path in new[] { directory, Path.Combine(directory, "there-is-no-such-file.yaml"), "", "a\0b", "/dev/zero" })
        {
            ConfigurationError error = Assert.Single(ConfigurationLoader.LoadFile(path, new Dictionary<string, string>()).Errors);
            Assert.StartsWith("the file cannot be read", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Records_with_secrets_do_not_print_them()
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Full);

        Assert.DoesNotContain(Configurations.Secret, configuration.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Configurations.Secret, configuration.Listen.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Configurations.Secret, configuration.Origins["main"].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Configurations.Secret, configuration.Auth.Keys["CLIENT1"].ToString(), StringComparison.Ordinal);
    }
}
