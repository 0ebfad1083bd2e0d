using System.Net;
using System.Text;
using System.Text.Json;
using S3Proxy.Configuration;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Requirement C8: objects are loaded before anybody asks for them.</summary>
public sealed class WarmUpTests
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task C8_a_prefix_is_listed_over_pages_and_loaded_with_one_request_an_object()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        for (int i = 0; i < 1100; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"set/{i:D4} +ü", new byte[200]);
        }

        proxy.Origin.PutObject(TestProxy.Bucket, "other", new byte[10]);

        JsonElement job = await EndAsync(proxy, await StartAsync(proxy, """{"bucket":"models","prefix":"set/","concurrency":8}"""));

        Assert.Equal("done", job.GetProperty("state").GetString());
        Assert.Equal(1100, job.GetProperty("objects").GetProperty("loaded").GetInt64());
        Assert.Equal(0, job.GetProperty("objects").GetProperty("failed").GetInt64());
        Assert.Equal(220_000, job.GetProperty("bytes").GetProperty("loaded").GetInt64());
        Assert.Equal(220_000, job.GetProperty("bytes").GetProperty("found").GetInt64());
        Assert.Equal(1100, proxy.Origin.Traffic.CountOf(request => request.Operation == OriginOperation.GetObject));
        Assert.Equal("HIT", await OutcomeAsync(proxy, "set/0777 +ü"));
        Assert.Equal("MISS", await OutcomeAsync(proxy, "other"));

        JsonElement again = await EndAsync(proxy, await StartAsync(proxy, """{"bucket":"models","prefix":"set/"}"""));
        Assert.Equal(1100, again.GetProperty("objects").GetProperty("alreadyHere").GetInt64());
    }

    [Fact]
    public async Task C8_names_are_those_of_clients_where_the_bucket_is_mapped()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Buckets = new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>> { ["mine"] = bucket => bucket with { OriginBucket = TestProxy.Bucket, Prefix = "v2/" } },
        });
        proxy.Origin.PutObject(TestProxy.Bucket, "v2/a/1", new byte[10]);
        proxy.Origin.PutObject(TestProxy.Bucket, "v1/a/1", new byte[10]);

        JsonElement job = await EndAsync(proxy, await StartAsync(proxy, """{"bucket":"mine","prefix":"a/"}"""));

        Assert.Equal(1, job.GetProperty("objects").GetProperty("loaded").GetInt64());
        using HttpResponseMessage read = await proxy.Client.GetAsync("/mine/a/1");
        Assert.Equal("HIT", read.Headers.GetValues("x-cache").Single());
    }

    [Fact]
    public async Task C8_a_list_of_lines_is_loaded_and_what_fails_is_told_with_its_reason()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[3 * MiB]);
        using StringContent lines = new("a\r\nmissing\n", Encoding.UTF8, "text/plain");
        using HttpResponseMessage answer = await proxy.Client.PostAsync(new Uri(proxy.Admin, "/admin/warm?bucket=models&concurrency=2"), lines);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("/admin/warm/1", answer.Headers.Location?.ToString());

        JsonElement job = await EndAsync(proxy, "1");

        Assert.Equal("done", job.GetProperty("state").GetString());
        Assert.Equal(1, job.GetProperty("objects").GetProperty("loaded").GetInt64());
        JsonElement failure = Assert.Single(job.GetProperty("failures").EnumerateArray());
        Assert.Equal("missing", failure.GetProperty("key").GetString());
        Assert.Equal("The origin answered 404.", failure.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task F2_a_client_who_wants_the_object_meanwhile_shares_the_fetch()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[3 * MiB]);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, MiB) });
        string id = await StartAsync(proxy, """{"bucket":"models","keys":["a"]}""");
        await gate.ArrivedAsync(1);

        Task<byte[]> read = proxy.Client.GetByteArrayAsync($"/{TestProxy.Bucket}/a");
        await WaitForReadersAsync(proxy, 2);
        gate.Release();

        Assert.Equal(3 * MiB, (await read).Length);
        Assert.Equal("done", (await EndAsync(proxy, id)).GetProperty("state").GetString());
        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task C8_a_job_stops_before_it_evicts_what_it_loaded()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { MemoryBytes = 16L << 20 });
        for (int i = 0; i < 30; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"{i:D2}", new byte[MiB]);
        }

        JsonElement job = await EndAsync(proxy, await StartAsync(proxy, """{"bucket":"models"}"""));

        Assert.Equal("stopped", job.GetProperty("state").GetString());
        Assert.StartsWith("The memory is full", job.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.InRange(job.GetProperty("objects").GetProperty("loaded").GetInt64(), 8, 15);
        Assert.Equal("HIT", await OutcomeAsync(proxy, "00"));
    }

    [Fact]
    public async Task C8_a_byte_limit_is_kept()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        for (int i = 0; i < 5; i++)
        {
            proxy.Origin.PutObject(TestProxy.Bucket, $"{i}", new byte[1000]);
        }

        JsonElement job = await EndAsync(proxy, await StartAsync(proxy, """{"bucket":"models","concurrency":1,"maxBytes":3500}"""));

        Assert.Equal("stopped", job.GetProperty("state").GetString());
        Assert.Equal(3, job.GetProperty("objects").GetProperty("loaded").GetInt64());
        Assert.Equal(3, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task C8_cancelling_ends_the_fetch()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[8 * MiB]);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, MiB) });
        string id = await StartAsync(proxy, """{"bucket":"models","keys":["a"]}""");
        await gate.ArrivedAsync(1);

        using HttpResponseMessage answer = await proxy.Client.DeleteAsync(new Uri(proxy.Admin, "/admin/warm/" + id));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("cancelled", (await EndAsync(proxy, id)).GetProperty("state").GetString());
        await proxy.AssertAllBackAsync();
        gate.Release();
    }

    [Fact]
    public async Task C8_jobs_are_bounded_in_number()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[10]);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        List<string> ids = [];
        for (int i = 0; i < 10; i++)
        {
            ids.Add(await StartAsync(proxy, """{"bucket":"models","keys":["a"]}"""));
        }

        using HttpResponseMessage refused = await PostAsync(proxy, """{"bucket":"models"}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Contains("remedy", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        gate.Release();
        foreach (string id in ids)
        {
            Assert.Equal("done", (await EndAsync(proxy, id)).GetProperty("state").GetString());
        }
    }

    [Theory]
    [InlineData("""{"bucket":"models","prefix":"a","keys":["b"]}""", 400)]
    [InlineData("""{"bucket":"models","keys":[]}""", 400)]
    [InlineData("""{"bucket":"models","keys":[1]}""", 400)]
    [InlineData("""{"bucket":"models","keys":[""]}""", 400)]
    [InlineData("""{"bucket":"models","concurrency":0}""", 400)]
    [InlineData("""{"bucket":"models","concurrency":33}""", 400)]
    [InlineData("""{"bucket":"models","maxBytes":0}""", 400)]
    [InlineData("""{"bucket":"models","speed":9}""", 400)]
    [InlineData("""{"bucket":"M"}""", 400)]
    [InlineData("[]", 400)]
    [InlineData("", 400)]
    public async Task What_is_not_clear_is_refused_with_a_remedy(string body, int status)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        using HttpResponseMessage answer = await PostAsync(proxy, body);

        Assert.Equal(status, (int)answer.StatusCode);
        using JsonDocument refusal = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        Assert.NotEqual("", refusal.RootElement.GetProperty("error").GetString());
        Assert.NotEqual("", refusal.RootElement.GetProperty("remedy").GetString());
    }

    [Fact]
    public async Task A_listing_that_the_origin_refuses_ends_the_job_with_its_answer()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();

        JsonElement job = await EndAsync(proxy, await StartAsync(proxy, """{"bucket":"nowhere"}"""));

        Assert.Equal("failed", job.GetProperty("state").GetString());
        Assert.Contains("404", job.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PostAsync(TestProxy proxy, string body) =>
        proxy.Client.PostAsync(new Uri(proxy.Admin, "/admin/warm"), new StringContent(body, Encoding.UTF8, "application/json"));

    private static async Task<string> StartAsync(TestProxy proxy, string body)
    {
        using HttpResponseMessage answer = await PostAsync(proxy, body);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        using JsonDocument job = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return job.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>Waits, within a bound, until the job is over.</summary>
    private static async Task<JsonElement> EndAsync(TestProxy proxy, string id)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(120));
        while (true)
        {
            using JsonDocument job = JsonDocument.Parse(await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/admin/warm/" + id)));
            if (job.RootElement.GetProperty("ended").ValueKind != JsonValueKind.Null)
            {
                return job.RootElement.Clone();
            }

            Assert.False(limit.IsCancellationRequested, job.RootElement.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private static async Task WaitForReadersAsync(TestProxy proxy, int readers)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        while (true)
        {
            using JsonDocument flights = JsonDocument.Parse(await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/admin/flights")));
            if (flights.RootElement.GetProperty("flights").EnumerateArray().Any(flight => flight.GetProperty("readers").GetInt32() >= readers))
            {
                return;
            }

            Assert.False(limit.IsCancellationRequested, flights.RootElement.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    private static async Task<string> OutcomeAsync(TestProxy proxy, string key)
    {
        using HttpResponseMessage read = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/{Uri.EscapeDataString(key).Replace("%2F", "/", StringComparison.Ordinal)}");
        return read.Headers.GetValues("x-cache").Single();
    }
}
