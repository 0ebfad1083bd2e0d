using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Clients that come late, leave early or stop reading; requirements F3, F4, F5, F9.</summary>
public sealed class DepartureTests
{
    /// <summary>Pingora #931: a leader that leaves must not take its followers along.</summary>
    [Fact]
    public async Task A_leader_that_leaves_in_the_middle_costs_its_fifty_followers_nothing()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "big", 8 * Reads.MiB, 1);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, 300_000) });

        using RawConnection leader = await RawConnection.OpenAsync(proxy.Data);
        await leader.SendAsync($"GET /{TestProxy.Bucket}/big HTTP/1.1\r\nHost: proxy\r\n\r\n");
        byte[] beginning = await leader.ReceiveAsync(1000);
        Assert.Equal(1000, beginning.Length);

        HttpResponseMessage[] followers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Reads.OpenAsync(proxy, "big")));
        leader.Reset();
        await gate.ArrivedAsync(1);
        gate.Release();

        string[] outcomes = await Task.WhenAll(followers.Select(response => Reads.RestAsync(response, content)));
        Assert.All(outcomes, outcome => Assert.Equal("COALESCED", outcome));
        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
        Array.ForEach(followers, response => response.Dispose());
    }

    [Fact]
    public async Task A_late_joiner_gets_its_first_byte_while_the_origin_is_held()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "late", 3 * Reads.MiB, 2);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, 400_000) });
        using HttpResponseMessage first = await Reads.OpenAsync(proxy, "late");
        await gate.ArrivedAsync(1);

        using HttpResponseMessage late = await Reads.OpenAsync(proxy, "late");
        await using Stream body = await late.Content.ReadAsStreamAsync();
        byte[] beginning = new byte[1000];
        await body.ReadExactlyAsync(beginning);
        Assert.Equal(-1, content.FirstMismatch(0, beginning));
        Assert.Equal(1, gate.Waiting);

        gate.Release();
        await Reads.RestAsync(first, content);
        BodyCheckResult rest = await BodyCheck.VerifyAsync(body, content, 1000, content.Length - 1000);
        Assert.True(rest.IsExact, rest.ToString());
        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task When_everybody_leaves_the_origin_is_left_too()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "left", 32 * Reads.MiB, 3);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, 100_000) });
        HttpResponseMessage[] readers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Reads.OpenAsync(proxy, "left")));
        await gate.ArrivedAsync(1);

        Array.ForEach(readers, response => response.Dispose());

        await proxy.Origin.Traffic.WaitForIdleAsync(new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token);
        Assert.Equal(OriginRequestOutcome.Aborted, proxy.Origin.Traffic.Requests.Single().Outcome);
        Assert.Equal(0, gate.Waiting);
    }

    /// <summary>yatagarasu: a leader's method or range must not be fed to others.</summary>
    [Fact]
    public async Task Head_ranges_and_full_reads_share_one_get_and_nothing_of_their_answers()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "mixed", 5 * Reads.MiB + 17, 4);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.Any, new FaultEffects { HoldBeforeHeaders = gate });

        Task<string> whole = Reads.WholeAsync(proxy, "mixed", content);
        await gate.ArrivedAsync(1);
        Task<HttpResponseMessage> head = proxy.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/{TestProxy.Bucket}/mixed"));
        Task<string> range = Reads.RangeAsync(proxy, "mixed", content, 4 * Reads.MiB - 5, 4 * Reads.MiB + 5);
        Task<string> last = Reads.RangeAsync(proxy, "mixed", content, content.Length - 1, content.Length - 1);
        gate.Release();

        await Task.WhenAll(whole, range, last);
        using HttpResponseMessage headers = await head;
        Assert.Equal(200, (int)headers.StatusCode);
        Assert.Equal(content.Length, headers.Content.Headers.ContentLength);
        Assert.Equal(content.ETag, headers.Headers.ETag?.ToString());
        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
        Assert.Equal(0, proxy.Origin.Traffic.HeadCount);
    }

    [Fact]
    public async Task A_range_that_leads_leaves_the_full_reader_its_whole_object()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "ranged", 6 * Reads.MiB, 5);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        Task<string> range = Reads.RangeAsync(proxy, "ranged", content, 3 * Reads.MiB + 1, 3 * Reads.MiB + 100);
        await gate.ArrivedAsync(1);
        Task<string> other = Reads.RangeAsync(proxy, "ranged", content, 10, 20);
        Task<string> whole = Reads.WholeAsync(proxy, "ranged", content);
        gate.Release();

        Assert.Equal("MISS", await range);
        await Task.WhenAll(other, whole);
        await proxy.Origin.Traffic.WaitForIdleAsync();
        Assert.InRange(proxy.Origin.Traffic.BodyBytesSent, content.Length, content.Length + (2 * Reads.MiB));
    }

    /// <summary>Squid: the slowest reader must not throttle the others.</summary>
    [Fact]
    public async Task A_client_that_stops_reading_does_not_hold_up_the_others()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { MemoryBytes = 32L * Reads.MiB });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "huge", 64 * Reads.MiB, 6);
        using RawConnection stalled = await RawConnection.OpenAsync(proxy.Data, receiveBufferBytes: 16 * 1024);
        await stalled.SendAsync($"GET /{TestProxy.Bucket}/huge HTTP/1.1\r\nHost: proxy\r\n\r\n");
        await stalled.ReceiveAsync(100);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Reads.WholeAsync(proxy, "huge", content)));

        Assert.True(proxy.Memory.UsedBytes <= 32L * Reads.MiB);
        stalled.Reset();
    }

    /// <summary>Joins and leaves race the beginning, the middle and the end of flights; at the end nothing is left (asserted once more when the proxy ends).</summary>
    [Fact]
    public async Task After_a_storm_of_joins_and_leaves_nothing_is_in_flight()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { SliceBytes = 64 * 1024, MemoryBytes = 8L * Reads.MiB });
        SyntheticContent[] contents = [.. Enumerable.Range(0, 4).Select(i => proxy.Origin.PutSynthetic(TestProxy.Bucket, $"storm{i}", 3 * Reads.MiB, (ulong)i))];

        async Task ReadAndLeaveAsync(int client)
        {
            Random random = new(client);
            for (int round = 0; round < 10; round++)
            {
                int which = random.Next(contents.Length);
                using HttpResponseMessage response = await Reads.OpenAsync(proxy, $"storm{which}");
                await using Stream body = await response.Content.ReadAsStreamAsync();
                byte[] beginning = new byte[random.Next((int)contents[which].Length)];
                await body.ReadExactlyAsync(beginning);
                Assert.Equal(-1, contents[which].FirstMismatch(0, beginning));
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 40).Select(ReadAndLeaveAsync));

        await proxy.AssertAllBackAsync();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        await proxy.Origin.Traffic.WaitForIdleAsync(limit.Token);
        await Reads.WholeAsync(proxy, "storm0", contents[0]);
    }
}
