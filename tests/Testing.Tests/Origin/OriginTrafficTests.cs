using S3Proxy.Testing.Origin;

namespace S3Proxy.Testing.Tests.Origin;

public sealed class OriginTrafficTests
{
    [Fact]
    public async Task A_request_is_recorded_as_it_came_and_as_it_ended()
    {
        await using TestOrigin test = await TestOrigin.StartAsync();
        test.Origin.PutObject(TestOrigin.Bucket, "a b", "content"u8.ToArray());

        using HttpResponseMessage response = await test.GetAsync("a%20b?x=%2f", "Range: bytes=1-3", "X-Own: value", "If-Match: *");
        await response.Content.ReadAsByteArrayAsync();
        await test.Origin.Traffic.WaitForIdleAsync();

        OriginRequest request = test.Origin.Traffic.Requests.Single();
        Assert.Equal(("GET", OriginOperation.GetObject), (request.Method, request.Operation));
        Assert.Equal(("bucket", "a b"), (request.Bucket, request.Key));
        Assert.Equal("/bucket/a%20b?x=%2f", request.RawTarget);
        Assert.Equal("bytes=1-3", request.Range);
        Assert.Equal("*", request.IfMatch);
        Assert.Equal("value", request.Headers["x-own"]);
        Assert.Equal((206, 3L), (request.Status, request.BodyBytesSent));
        Assert.Equal(OriginRequestOutcome.Completed, request.Outcome);
    }

    [Fact]
    public async Task Concurrency_is_counted_while_it_lasts()
    {
        await using TestOrigin test = await TestOrigin.StartAsync();
        OriginTraffic traffic = test.Origin.Traffic;
        OriginGate gate = new();
        test.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldOnArrival = gate });
        test.Origin.PutObject(TestOrigin.Bucket, "key", [1]);

        Task<HttpResponseMessage>[] pending = [.. Enumerable.Range(0, 5).Select(_ => test.GetAsync("key"))];
        await traffic.WaitUntilAsync(seen => seen.ActiveRequests == 5);
        Task idle = traffic.WaitForIdleAsync();
        Assert.Equal(5, traffic.MaxConcurrent);
        Assert.False(idle.IsCompleted);

        gate.Release();
        foreach (HttpResponseMessage response in await Task.WhenAll(pending))
        {
            response.Dispose();
        }

        await idle;
        Assert.Equal((0, 5), (traffic.ActiveRequests, traffic.MaxConcurrent));
        Assert.Equal(5, traffic.GetCount);
        Assert.Equal(0, traffic.HeadCount);
        Assert.Equal(5, traffic.BodyBytesSent);
        Assert.Equal(5, traffic.CountOf(request => request.Key == "key"));

        traffic.Reset();
        Assert.Equal((0, 0L, 0L), (traffic.MaxConcurrent, traffic.RequestCount, traffic.BodyBytesSent));
        Assert.Empty(traffic.Requests);
    }

    [Fact]
    public async Task A_wait_can_follow_the_bytes()
    {
        await using TestOrigin test = await TestOrigin.StartAsync();
        test.Origin.PutSynthetic(TestOrigin.Bucket, "big", 1_000_000, 1);
        OriginGate gate = new();
        test.Origin.Faults.Add(RequestMatch.Any, new FaultEffects { HoldInBody = new BodyHold(gate, 300_000) });
        Task some = test.Origin.Traffic.WaitUntilAsync(traffic => traffic.BodyBytesSent >= 300_000);

        using HttpResponseMessage response = await test.GetAsync("big");
        Task<byte[]> body = response.Content.ReadAsByteArrayAsync();
        await some;

        Assert.Equal(300_000, test.Origin.Traffic.BodyBytesSent);
        gate.Release();
        await body;
    }

    [Fact]
    public async Task Beyond_the_bound_aggregates_go_on_and_records_are_refused()
    {
        await using TestOrigin test = await TestOrigin.StartAsync(new EmbeddedOriginOptions { MaxRecordedRequests = 1 });
        using HttpResponseMessage first = await test.HeadAsync("key");
        Assert.Single(test.Origin.Traffic.Requests);

        using HttpResponseMessage second = await test.HeadAsync("key");

        Assert.Equal(2, test.Origin.Traffic.HeadCount);
        Assert.Throws<InvalidOperationException>(() => test.Origin.Traffic.CountOf(_ => true));
    }

    [Fact]
    public async Task A_reset_between_arrival_and_end_keeps_the_active_count_right()
    {
        await using TestOrigin test = await TestOrigin.StartAsync();
        OriginGate gate = new();
        test.Origin.Faults.Add(RequestMatch.Any, new FaultEffects { HoldOnArrival = gate });
        Task<HttpResponseMessage> pending = test.HeadAsync("key");
        await gate.ArrivedAsync(1);

        test.Origin.Traffic.Reset();
        Assert.Equal((1, 1), (test.Origin.Traffic.ActiveRequests, test.Origin.Traffic.MaxConcurrent));
        gate.Release();

        (await pending).Dispose();
        await test.Origin.Traffic.WaitForIdleAsync();
        Assert.Equal(0, test.Origin.Traffic.RequestCount);
    }
}
