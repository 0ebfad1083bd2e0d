using System.Text.Json;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;
using Xunit.Abstractions;

namespace S3Proxy.FleetTests;

/// <summary>What is purged through one replica is purged in all when the answer comes: requirement I4.</summary>
[Collection(Fleets.Name)]
public sealed class PurgeTests(SharedFleets fleets, ITestOutputHelper output)
{
    private const int ObjectBytes = 5000;

    [Theory]
    [InlineData(FleetKind.Push, """{"bucket": "data", "key": "PREFIX/a/1"}""", "a/1")]
    [InlineData(FleetKind.Push, """{"bucket": "data", "prefix": "PREFIX/a/"}""", "a/1 a/2")]
    [InlineData(FleetKind.Push, """{"bucket": "data"}""", "a/1 a/2 b/1")]
    [InlineData(FleetKind.Push, """{"all": true}""", "a/1 a/2 b/1")]
    [InlineData(FleetKind.Cluster, """{"bucket": "data", "prefix": "PREFIX/a/"}""", "a/1 a/2")]
    public async Task A_purge_through_one_replica_is_seen_through_all(FleetKind kind, string purge, string purgedKeys)
    {
        if (await fleets.FindAsync(kind, output) is not { } bench)
        {
            return;
        }

        string prefix = $"purge-{kind}-{purge.Length}-{purgedKeys.Length}";
        string[] keys = ["a/1", "a/2", "b/1"];
        Dictionary<string, SyntheticContent> old = keys.ToDictionary(key => key, key => bench.Origin.PutSynthetic(ReplicaFleet.Bucket, $"{prefix}/{key}", ObjectBytes, 1));
        await AssertAllReadAsync(bench, prefix, old);

        // Past the replicas, which cannot know.
        Dictionary<string, SyntheticContent> changed = keys.ToDictionary(key => key, key => bench.Origin.OverwriteSynthetic(ReplicaFleet.Bucket, $"{prefix}/{key}", ObjectBytes, 2));
        (int status, string answer) = await bench.Client.PostAsync(bench.Fleet.Replicas[1], "/admin/purge", purge.Replace("PREFIX", prefix, StringComparison.Ordinal));

        output.WriteLine(answer);
        Assert.Equal(200, status);
        using JsonDocument report = JsonDocument.Parse(answer);
        Assert.False(report.RootElement.GetProperty("pending").GetBoolean());
        Assert.Equal(bench.Fleet.Replicas.Count, report.RootElement.GetProperty("replicas").GetProperty("acknowledged").GetArrayLength());
        string[] purged = purgedKeys.Split(' ');
        await AssertAllReadAsync(bench, prefix, keys.ToDictionary(key => key, key => purged.Contains(key) ? changed[key] : old[key]));
    }

    private static async Task AssertAllReadAsync(FleetBench bench, string prefix, Dictionary<string, SyntheticContent> expected)
    {
        foreach (FleetReplica replica in bench.Fleet.Replicas)
        {
            foreach ((string key, SyntheticContent content) in expected)
            {
                FleetRead read = await bench.Client.ReadAsync(replica.Endpoint, ReplicaFleet.Bucket, $"{prefix}/{key}", content);
                Assert.True(read.Failure is null, $"{key} through replica {replica.Index}: {read}");
            }
        }
    }
}
