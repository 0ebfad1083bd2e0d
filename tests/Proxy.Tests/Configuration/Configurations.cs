using S3Proxy.Configuration;

namespace S3Proxy.Tests.Configuration;

/// <summary>Configurations for tests.</summary>
internal static class Configurations
{
    /// <summary>The least that loads.</summary>
    public const string Least = """
        origins:
          main:
            endpoints: [http://127.0.0.1:8000]
        buckets:
          "*": { origin: main }
        auth: { mode: anonymous }
        """;

    /// <summary>A secret that no message may hold.</summary>
    public const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// <summary>Nearly every key, with <see cref="Secret"/> wherever a secret may stand.</summary>
    public static string Full { get; } = $$"""
        listen:
          endpoint: http://127.0.0.1:9100
          admin: http://[::]:9101
          hostSuffix: S3.example.internal
          adminToken: {{Secret}}
        origins:
          main:
            endpoints: [http://127.0.0.1:8000, "http://[::1]:8001/"]
            region: eu-west-1
            credentials: { accessKeyId: AK, secretAccessKey: {{Secret}}, sessionToken: {{Secret}} }
            timeouts: { connect: 1s, firstByte: 2s, noProgress: 3s }
          cdn:
            endpoints: [https://s3.example.com]
            addressing: host
            credentials: { anonymous: true }
        buckets:
          "*": { origin: main }
          models:
            origin: cdn
            bucket: prod-models
            prefix: v2/
            cache: { mode: immutable }
            coalescing: { mode: off }
        auth:
          mode: sigv4
          clockSkew: 5m
          keys:
            - accessKeyId: CLIENT1
              secretAccessKey: {{Secret}}
              grants:
                - { bucket: "*", prefix: a/, actions: [read, list] }
                - { bucket: models, actions: [write, delete] }
        cache:
          sliceSize: 128KiB
          readAheadSlices: 8
          memory: { size: 64MiB }
          redis: { connection: "10.0.0.1:6379, redis-2", namespace: prod, password: {{Secret}} }
          default: { mode: revalidate, ttl: 1m30s, negativeTtl: 0, staleIfError: 0s, staleWhileRevalidate: 0, ttlJitter: 10%, refreshAhead: 5%, honourOrigin: true }
        coalescing: { mode: buffered, grace: 500ms, errorLinger: 2s }
        waking: { enabled: false, maxWait: 0s }
        batching: { enabled: false, maxBatchSize: 64 }
        """;

    public static ConfigurationResult Load(string yaml, params (string Name, string Value)[] environment) =>
        ConfigurationLoader.Load(yaml, "s3proxy.yaml", environment.ToDictionary(variable => variable.Name, variable => variable.Value));

    /// <summary>Loads what must be valid.</summary>
    public static ProxyConfiguration Valid(string yaml, params (string Name, string Value)[] environment)
    {
        ConfigurationResult result = Load(yaml, environment);
        Assert.Empty(result.Errors);
        return result.Configuration!;
    }
}
