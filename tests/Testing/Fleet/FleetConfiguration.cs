namespace S3Proxy.Testing.Fleet;

/// <summary>The configuration file that all replicas of a fleet share. It is patient: tests hold the origin at gates, for as long as they like.</summary>
internal static class FleetConfiguration
{
    public const string AccessKeyId = "FLEETCLIENT";
    public const string SecretAccessKey = "fleet-client-secret";

    public static string Write(FleetOptions options, Uri origin)
    {
        bool hasRedis = options.Redis is not null;
        return $$"""
            listen: { endpoint: "http://127.0.0.1:0", admin: "http://127.0.0.1:0" }
            origins:
              main:
                endpoints: ["{{origin.GetLeftPart(UriPartial.Authority)}}"]
                region: us-east-1
                addressing: path
                credentials: { anonymous: true }
                timeouts: { firstByte: 3m, noProgress: 3m }
            buckets:
              {{ReplicaFleet.Bucket}}: { origin: main, cache: {{options.Rule}} }
              {{ReplicaFleet.ImmutableBucket}}: { origin: main, cache: { mode: immutable } }
            auth:
              mode: sigv4
              keys:
                - accessKeyId: {{AccessKeyId}}
                  secretAccessKey: {{SecretAccessKey}}
                  grants: [ { bucket: "*", actions: [read, list, write, delete] } ]
            cache:
              sliceSize: 1MiB
              memory: { size: {{options.Memory}} }
              {{(hasRedis ? $"redis: {options.Redis}" : "")}}
            waking: { enabled: {{YamlOf(hasRedis && options.Waking)}}, maxWait: 3m }
            drain: { readinessDelay: 0s }
            batching: { enabled: {{YamlOf(hasRedis && options.Batching)}} }

            """;
    }

    private static string YamlOf(bool value) => value ? "true" : "false";
}
