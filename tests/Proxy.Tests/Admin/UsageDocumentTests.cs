using System.Text.Json;
using S3Proxy.Admin;
using S3Proxy.Caching;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Telemetry;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Admin;

/// <summary>Requirement K2: totals by bucket and client and the hottest objects, bounded.</summary>
public sealed class UsageDocumentTests
{
    private readonly UsageStatistics<ObjectId, UsageTenant> _usage = new(new UsageStatisticsOptions(), new ManualTimeProvider());

    [Fact]
    public void It_tells_totals_by_bucket_and_by_client_and_the_hottest_object_first()
    {
        Record("models", "a.bin", "ALICE", 100, times: 2);
        Record("models", "b.bin", "BOB", 50, times: 1);
        Record("logs", "c<\u0001>.txt", "BOB", 7, times: 3);

        JsonElement document = Read();

        Assert.Equal((6, 271), UsageOf(document.GetProperty("total")));
        Assert.Equal([("logs", 3, 21), ("models", 3, 250)], Rows(document, "buckets", "bucket"));
        Assert.Equal([("BOB", 4, 71), ("ALICE", 2, 200)], Rows(document, "clients", "client"));
        Assert.Equal([("c<\u0001>.txt", 3, 21), ("a.bin", 2, 200), ("b.bin", 1, 50)], Rows(document, "hotKeys", "key"));
        JsonElement hottest = document.GetProperty("hotKeys")[0];
        Assert.Equal("main", hottest.GetProperty("origin").GetString());
        Assert.Equal("logs", hottest.GetProperty("bucket").GetString());
        Assert.Equal(3, hottest.GetProperty("hotness").GetDouble());
        Assert.Equal(0, hottest.GetProperty("hotnessError").GetDouble());
    }

    [Fact]
    public void Lists_are_bounded_and_the_rest_is_told_together()
    {
        const int Clients = 3000;
        for (int client = 0; client < Clients; client++)
        {
            Record("models", $"{client}", $"CLIENT{client}", 10, times: 1);
        }

        JsonElement document = Read();

        Assert.Equal(50, document.GetProperty("clients").GetArrayLength());
        Assert.Equal(50, document.GetProperty("hotKeys").GetArrayLength());
        Assert.Equal((Clients - 50, 10 * (Clients - 50)), UsageOf(document.GetProperty("otherClients")));
        Assert.Equal((Clients, 10 * Clients), UsageOf(document.GetProperty("total")));
    }

    [Fact]
    public void Before_the_first_read_it_is_empty_and_whole() => Assert.Equal((0, 0), UsageOf(Read().GetProperty("total")));

    private void Record(string bucket, string key, string client, long bytes, int times)
    {
        for (int i = 0; i < times; i++)
        {
            _usage.Record(new ObjectId("main", bucket, key), new UsageTenant(bucket, client), bytes);
        }
    }

    private JsonElement Read() => JsonDocument.Parse(new UsageDocument(_usage).Write()).RootElement;

    private static (long Requests, long Bytes) UsageOf(JsonElement element) =>
        (element.GetProperty("requests").GetInt64(), element.GetProperty("bytes").GetInt64());

    private static (string Name, long Requests, long Bytes)[] Rows(JsonElement document, string list, string label) =>
        [.. document.GetProperty(list).EnumerateArray().Select(row => (row.GetProperty(label).GetString()!, UsageOf(row).Requests, UsageOf(row).Bytes))];
}
