using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Caching;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Fetching;
using S3Proxy.Responding;
using S3Proxy.Telemetry;
using S3Proxy.Testing;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Responding;

/// <summary>Requirements F7, C5 and O2 on a response that has sent nothing yet.</summary>
public sealed class ObjectResponderTests : IDisposable
{
    private const int Slice = FetchBench.SliceBytes;
    private readonly FetchBench _bench = new();
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly UsageStatistics<ObjectId, UsageTenant> _usage = new(new UsageStatisticsOptions(), new ManualTimeProvider());
    private readonly ObjectResponder _responder;

    public ObjectResponderTests()
    {
        ProxyMetrics metrics = new(_meters.GetRequiredService<IMeterFactory>(), _bench.Memory, _bench.Tables);
        _responder = new ObjectResponder(_bench.Services, _bench.Finder, metrics, _usage);
    }

    public void Dispose()
    {
        _bench.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task A_response_that_starts_again_keeps_no_header_of_the_version_before()
    {
        // A transfer breaks before its first byte, and by the time it is resumed the object is gone.
        _bench.Origin.Content = FetchBench.Bytes(3 * Slice);
        _bench.Origin.BreakAfter = _ => 0;
        _bench.Origin.Instead = (number, _) => number == 1 ? null : ScriptedOrigin.Plain(404, "<Error/>");
        ReadContext read = _bench.Read("bytes=0-99");
        read.Http.Response.Body = new MemoryStream();

        Assert.True(await _responder.TryAnswerAsync(read));

        HttpResponse response = read.Http.Response;
        Assert.Equal(404, response.StatusCode);
        Assert.False(response.Headers.ContainsKey("ETag"));
        Assert.False(response.Headers.ContainsKey("Content-Range"));
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task An_object_that_one_reader_is_told_is_gone_is_gone_for_all()
    {
        // A ranged read cannot tell the checksums, so a read that wants them asks while the metadata is fresh.
        _bench.Origin.Content = FetchBench.Bytes(3 * Slice);
        Assert.Equal(206, await StatusAsync(_bench.Read("bytes=0-99")));
        await _bench.SettleAsync();
        _bench.Origin.Instead = (_, _) => ScriptedOrigin.Plain(404, "<Error/>");

        Assert.Equal(404, await StatusAsync(_bench.Read(head: true, checksums: true)));
        Assert.Equal(404, await StatusAsync(_bench.Read("bytes=0-99")));
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task A_read_that_is_left_to_forwarding_has_no_outcome_of_its_own()
    {
        using FetchBench bench = new(options: new FetchOptions { MemoryWaitLimit = TimeSpan.Zero, ResumePause = TimeSpan.Zero, MaxOpens = 1 });
        ProxyMetrics metrics = new(_meters.GetRequiredService<IMeterFactory>(), bench.Memory, bench.Tables);
        ObjectResponder responder = new(bench.Services, bench.Finder, metrics, _usage);
        bench.Origin.Content = FetchBench.Bytes(3 * Slice);
        ReadContext read = bench.Read();
        read.Http.Response.Body = new MemoryStream();

        // No memory is free, and none comes free in time.
        using (await bench.Memory.ReserveAsync((int)bench.Memory.BudgetBytes, TimeSpan.Zero, bench.Time, CancellationToken.None))
        {
            Assert.False(await responder.TryAnswerAsync(read));
        }

        Assert.Equal((null, AnswerTier.None, FlightRole.None, RequestReason.OutOfMemory), (read.Outcome, read.Tier, read.Role, read.Reason));
        Assert.False(read.Http.Response.Headers.ContainsKey("x-cache"));
        Assert.Empty(metrics.Latency.FirstByte.Read());
        await bench.SettleAsync();
    }

    [Fact]
    public async Task K2_reads_are_counted_by_bucket_client_and_object()
    {
        _bench.Origin.Content = FetchBench.Bytes(3 * Slice);
        Assert.Equal(206, await StatusAsync(_bench.Read("bytes=0-99")));
        Assert.Equal(206, await StatusAsync(_bench.Read("bytes=0-49")));
        Assert.Equal(200, await StatusAsync(_bench.Read(head: true)));
        await _bench.SettleAsync();

        UsageSnapshot<ObjectId, UsageTenant> counted = _usage.Read(10);
        KeyValuePair<UsageTenant, Usage> tenant = Assert.Single(counted.Tenants);
        Assert.Equal(new UsageTenant("bucket", "client"), tenant.Key);
        Assert.Equal(new Usage(3, 150, 2, 50), tenant.Value);
        Assert.Equal(new ObjectId("main", "bucket", "key"), Assert.Single(counted.HotKeys).Key);
    }

    [Fact]
    public async Task F1_a_warm_hit_of_1_KiB_stays_within_its_allocation_budget()
    {
        const int BodyBytes = 1024;
        const int Hits = 200;
        _bench.Origin.Content = FetchBench.Bytes(BodyBytes);
        Assert.Equal(200, await StatusAsync(_bench.Read()));
        await _bench.SettleAsync();

        AllocationBudgets.AssertWithin(
            "warmHit1KiB",
            Hits,
            () =>
            {
                ReadContext read = _bench.Read();
                read.Http.Features.Set<IHttpResponseBodyFeature>(new DiscardedBody());
                return read;
            },
            read =>
            {
                Task<bool> answered = _responder.TryAnswerFromMemoryAsync(read);
                Assert.True(answered.IsCompletedSuccessfully && answered.Result, "A hit must be answered without waiting.");
            });
        Assert.Equal(0, (_usage.Read(1).Total.Bytes - BodyBytes) % (Hits * BodyBytes));
    }

    private async Task<int> StatusAsync(ReadContext read)
    {
        read.Http.Response.Body = new MemoryStream();
        Assert.True(await _responder.TryAnswerAsync(read));
        return read.Http.Response.StatusCode;
    }
}
