using S3Proxy.Configuration;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests.Writes;

/// <summary>
/// Every mutating operation of S3 through the proxy: what may have changed is asked for by the next read, whatever became of the write, and what cannot have changed
/// stays a hit. Requirements I1, I2, I3.
/// </summary>
public sealed class WriteTableTests : IAsyncLifetime
{
    private WriteBench _bench = null!;

    public static TheoryData<string> Changing => [.. WriteRows.All.Where(row => row.ChangesReads).Select(row => row.Name)];

    public static TheoryData<string> Idle => [.. WriteRows.All.Where(row => !row.ChangesReads).Select(row => row.Name)];

    public async Task InitializeAsync() => _bench = await WriteBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(Changing))]
    public async Task The_next_read_asks_the_origin(string name)
    {
        string key = await WriteAsync(RowOf(name), new FaultEffects(), 200, 299);
        Assert.True(await _bench.NextReadAsksAsync(key), "a read was answered without asking");
        bool isGone = _bench.Proxy.Origin.FindObject(_bench.Bucket, key) is null;
        Assert.True(isGone || !await _bench.NextReadAsksAsync(key), "the object is not cached any more");
    }

    /// <summary>The origin has carried it out, and its answer is lost.</summary>
    [Theory]
    [MemberData(nameof(Changing))]
    public Task Reads_ask_after_an_answer_that_was_cut_off(string name) => AssertUnknownAsync(name, new FaultEffects { CutBeforeHeaders = true });

    [Theory]
    [MemberData(nameof(Changing))]
    public Task Reads_ask_after_an_answer_that_tells_nothing(string name) => AssertUnknownAsync(name, new FaultEffects { Status = 503 });

    /// <summary>The read has chosen its version when the write comes; it ends when the write is over.</summary>
    [Theory]
    [MemberData(nameof(Changing))]
    public async Task A_read_that_raced_it_is_not_kept(string name)
    {
        WriteRow row = RowOf(name);
        string key = await _bench.PutCachedAsync();
        WriteRequest request = await row.Prepare(_bench, key);
        await _bench.Proxy.ForgetAsync();
        OriginGate gate = new();
        using FaultRule held = _bench.Proxy.Origin.Faults.Add(RequestMatch.Get(key).Nth(1), new FaultEffects { HoldBeforeHeaders = gate });
        Task<string> raced = _bench.ReadAsync(key);
        await gate.ArrivedAsync(1);

        await SendAsync(row, key, request, new FaultEffects());
        gate.Release();
        await raced;

        Assert.True(await _bench.NextReadAsksAsync(key), "what was read before the write was kept");
    }

    [Theory]
    [MemberData(nameof(Idle))]
    public async Task What_changes_no_read_leaves_the_cache_alone(string name)
    {
        WriteRow row = RowOf(name);
        string key = await _bench.PutCachedAsync();
        int status = await SendAsync(row, key, await row.Prepare(_bench, key), new FaultEffects(), changesAnything: false);
        Assert.InRange(status, 200, 299);
        Assert.False(await _bench.NextReadAsksAsync(key), "the object was dropped");
        await SendAsync(row, key, await row.Prepare(_bench, key), new FaultEffects { Status = 503 }, changesAnything: false);
        Assert.False(await _bench.NextReadAsksAsync(key), "the object was dropped");
    }

    /// <summary>Nobody who may not change a bucket may empty its cache.</summary>
    [Fact]
    public async Task A_setting_of_the_bucket_that_the_origin_refuses_leaves_the_cache_alone()
    {
        string key = await _bench.PutCachedAsync();
        int status = await SendAsync(RowOf("PutBucketPolicy"), key, new WriteRequest(), new FaultEffects { Status = 403 }, changesAnything: false);
        Assert.Equal(403, status);
        Assert.False(await _bench.NextReadAsksAsync(key));
    }

    [Fact]
    public async Task A_setting_of_one_bucket_leaves_others_alone()
    {
        _bench.Proxy.Origin.CreateBucket("elsewhere");
        string key = await _bench.PutCachedAsync();
        using FaultRule standIn = _bench.Proxy.Origin.Faults.Add(WriteBench.AnyWrite, new FaultEffects { Status = 200 });
        using HttpResponseMessage put = await _bench.Proxy.Signed.SendAsync(HttpMethod.Put, "elsewhere", null, "policy=");
        Assert.Equal(200, (int)put.StatusCode);
        Assert.False(await _bench.NextReadAsksAsync(key));
    }

    /// <summary>A write that is refused for its condition changes nothing; the cache may forget, and must tell the truth.</summary>
    [Fact]
    public async Task A_conditional_put_that_does_not_hold()
    {
        string key = await _bench.PutCachedAsync();
        using HttpResponseMessage put = await _bench.Proxy.Signed.PutAsync(key, "second"u8.ToArray(), [new("If-None-Match", "*")]);
        Assert.Equal(412, (int)put.StatusCode);
        await _bench.NextReadAsksAsync(key);
        Assert.Equal(("HIT", "first"), await _bench.OutcomeAsync(key));
    }

    /// <summary>An origin that took the write and never answers: the outcome is unknown.</summary>
    [Fact]
    public async Task A_write_that_the_origin_does_not_answer_in_time()
    {
        await using WriteBench hasty = await WriteBench.StartAsync(new OriginTimeouts { FirstByte = TimeSpan.FromSeconds(1) });
        string key = await hasty.PutCachedAsync();
        OriginGate gate = new();
        using FaultRule held = hasty.Proxy.Origin.Faults.Add(WriteBench.AnyWrite, new FaultEffects { HoldBeforeHeaders = gate });
        using (HttpResponseMessage put = await hasty.Proxy.Signed.PutAsync(key, "second"u8.ToArray()))
        {
            Assert.Equal(503, (int)put.StatusCode);
        }

        Assert.True(await hasty.NextReadAsksAsync(key));
        Assert.True(await hasty.NextReadAsksAsync(key));
        gate.Release();
    }

    /// <summary>Nothing was sent, so nothing can have changed: reads need not ask for minutes.</summary>
    [Fact]
    public async Task A_write_that_never_reached_the_origin()
    {
        string key = await _bench.PutCachedAsync();
        await _bench.Proxy.Origin.StopListeningAsync();
        using (HttpResponseMessage put = await _bench.Proxy.Signed.PutAsync(key, "second"u8.ToArray()))
        {
            Assert.Equal(503, (int)put.StatusCode);
        }

        await _bench.Proxy.Origin.ResumeListeningAsync();
        await _bench.NextReadAsksAsync(key);
        Assert.False(await _bench.NextReadAsksAsync(key));
    }

    [Fact]
    public async Task Operations_of_directory_buckets_are_refused()
    {
        string key = await _bench.PutCachedAsync();
        using HttpResponseMessage rename = await _bench.Proxy.Signed.SendAsync(
            HttpMethod.Put, _bench.Bucket, "renamed", "renameObject=", [new("x-amz-rename-source", $"/{_bench.Bucket}/{key}")]);
        Assert.Equal(501, (int)rename.StatusCode);
        Assert.False(await _bench.NextReadAsksAsync(key));
    }

    private static WriteRow RowOf(string name) => WriteRows.All.Single(row => row.Name == name);

    private async Task AssertUnknownAsync(string name, FaultEffects fault)
    {
        string key = await WriteAsync(RowOf(name), fault, 500, 599);
        Assert.True(await _bench.NextReadAsksAsync(key), "the first read was answered without asking");
        Assert.True(await _bench.NextReadAsksAsync(key), "the second read was answered without asking");
    }

    private async Task<string> WriteAsync(WriteRow row, FaultEffects fault, int lowestStatus, int highestStatus)
    {
        string key = await _bench.PutCachedAsync();
        WriteRequest request = await row.Prepare(_bench, key);
        Assert.InRange(await SendAsync(row, key, request, fault), lowestStatus, highestStatus);
        return key;
    }

    private async Task<int> SendAsync(WriteRow row, string key, WriteRequest request, FaultEffects fault, bool changesAnything = true)
    {
        if (row.StandInStatus is { } status)
        {
            fault = fault with { Status = fault.Status ?? status };
            if (changesAnything)
            {
                _bench.ChangeAtOrigin(key);
            }
        }

        using FaultRule rule = _bench.Proxy.Origin.Faults.Add(WriteBench.AnyWrite, fault);
        return await _bench.SendAsync(row, key, request);
    }
}
