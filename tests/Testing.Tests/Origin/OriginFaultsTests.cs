using System.Net;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Testing.Tests.Origin;

/// <summary>Each fault does to a client what its name says, and the origin's records say so too.</summary>
public sealed class OriginFaultsTests : IAsyncLifetime
{
    private const int Size = 600_000;

    private readonly ManualTimeProvider _clock = new();
    private TestOrigin _test = null!;
    private SyntheticContent _content = null!;

    public async Task InitializeAsync()
    {
        _test = await TestOrigin.StartAsync(new EmbeddedOriginOptions { TimeProvider = _clock });
        _content = _test.Origin.PutSynthetic(TestOrigin.Bucket, "big", Size, seed: 1);
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Fact]
    public async Task Only_the_chosen_requests_are_spoiled()
    {
        using FaultRule rule = Add(new FaultEffects { Status = 503 }, RequestMatch.Get("big").Nth(2));

        List<HttpStatusCode> statuses = [];
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage response = await _test.GetAsync("big", "Range: bytes=0-0");
            statuses.Add(response.StatusCode);
        }

        using HttpResponseMessage head = await _test.HeadAsync("big");
        Assert.Equal([HttpStatusCode.PartialContent, HttpStatusCode.ServiceUnavailable, HttpStatusCode.PartialContent], statuses);
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal((3, 1), (rule.Matched, rule.Applied));
    }

    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(503, "SlowDown")]
    [InlineData(403, "AccessDenied")]
    public async Task A_status_comes_with_its_error_document(int status, string code)
    {
        Add(new FaultEffects { Status = status });

        using HttpResponseMessage response = await _test.GetAsync("big");

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(code, await TestOrigin.ErrorCodeAsync(response));
    }

    [Fact]
    public async Task A_removed_rule_spoils_nothing()
    {
        Add(new FaultEffects { Status = 500 }).Dispose();

        using HttpResponseMessage response = await _test.HeadAsync("big");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Held_on_arrival_a_read_sees_later_writes()
    {
        OriginGate gate = new();
        Add(new FaultEffects { HoldOnArrival = gate });
        Task<HttpResponseMessage> pending = _test.GetAsync("big");
        await gate.ArrivedAsync(1);

        SyntheticContent later = _test.Origin.OverwriteSynthetic(TestOrigin.Bucket, "big", Size, seed: 2);
        Assert.Equal(1, gate.Waiting);
        Assert.False(pending.IsCompleted);
        gate.Release();

        using HttpResponseMessage response = await pending;
        Assert.Equal(later.ETag, TestOrigin.Field(response, "ETag"));
    }

    [Fact]
    public async Task Held_before_headers_a_read_has_chosen_its_version()
    {
        OriginGate gate = new();
        Add(new FaultEffects { HoldBeforeHeaders = gate });
        Task<HttpResponseMessage> pending = _test.GetAsync("big");
        await gate.ArrivedAsync(1);

        _test.Origin.OverwriteSynthetic(TestOrigin.Bucket, "big", Size, seed: 2);
        gate.Release();

        using HttpResponseMessage response = await pending;
        Assert.Equal(_content.ETag, TestOrigin.Field(response, "ETag"));
        Assert.True((await VerifyAsync(response)).IsExact);
    }

    [Fact]
    public async Task Held_before_the_body_the_headers_are_there()
    {
        OriginGate gate = new();
        Add(new FaultEffects { HoldBeforeBody = gate });

        using HttpResponseMessage response = await _test.GetAsync("big");
        await gate.ArrivedAsync(1);
        Assert.Equal(0, _test.Origin.Traffic.BodyBytesSent);
        gate.Release();

        Assert.True((await VerifyAsync(response)).IsExact);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200_001)]
    public async Task Held_in_the_body_exactly_so_many_bytes_are_there(int afterBytes)
    {
        OriginGate gate = new();
        Add(new FaultEffects { HoldInBody = new BodyHold(gate, afterBytes) });

        using HttpResponseMessage response = await _test.GetAsync("big");
        await gate.ArrivedAsync(1);
        Stream body = await response.Content.ReadAsStreamAsync();
        byte[] first = new byte[afterBytes];
        await body.ReadExactlyAsync(first);
        Assert.Equal(-1, _content.FirstMismatch(0, first));
        Assert.Equal(afterBytes, _test.Origin.Traffic.BodyBytesSent);
        gate.Release();

        Assert.True((await BodyCheck.VerifyAsync(body, _content, afterBytes, Size - afterBytes)).IsExact);
    }

    [Fact]
    public async Task A_client_that_leaves_a_gate_no_longer_waits()
    {
        OriginGate gate = new();
        Add(new FaultEffects { HoldBeforeHeaders = gate });
        using CancellationTokenSource leaving = new();
        Task<HttpResponseMessage> pending = _test.Http.GetAsync(new Uri(_test.Origin.Endpoint, "bucket/big"), leaving.Token);
        await gate.ArrivedAsync(1);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        await _test.Origin.Traffic.WaitForIdleAsync();
        Assert.Equal(0, gate.Waiting);
        Assert.Equal(OriginRequestOutcome.Aborted, _test.Origin.Traffic.Requests.Single().Outcome);
    }

    [Theory]
    [InlineData(0, CutKind.Reset)]
    [InlineData(0, CutKind.Close)]
    [InlineData(123_457, CutKind.Reset)]
    [InlineData(123_457, CutKind.Close)]
    [InlineData(Size - 1, CutKind.Reset)]
    [InlineData(Size - 1, CutKind.Close)]
    public async Task A_cut_body_delivers_its_bytes_and_then_fails(int afterBytes, CutKind kind)
    {
        Add(new FaultEffects { CutAfterBodyBytes = afterBytes, CutKind = kind });

        using HttpResponseMessage response = await _test.GetAsync("big");
        Assert.Equal(Size, response.Content.Headers.ContentLength);
        IntegrityStream sink = new(_content, 0, Size);
        await Assert.ThrowsAnyAsync<IOException>(async () => await BodyCheck.DrainAsync(await response.Content.ReadAsStreamAsync(), sink));

        Assert.Equal(afterBytes, sink.BytesSeen);
        Assert.True(sink.Result.IsPrefix);
        await _test.Origin.Traffic.WaitForIdleAsync();
        OriginRequest request = _test.Origin.Traffic.Requests.Single();
        Assert.Equal((OriginRequestOutcome.Cut, afterBytes), (request.Outcome, request.BodyBytesSent));
    }

    [Theory]
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Close)]
    public async Task A_cut_before_the_headers_leaves_the_write_done(CutKind kind)
    {
        Add(new FaultEffects { CutBeforeHeaders = true, CutKind = kind }, new RequestMatch { Method = "PUT" });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _test.SendAsync(HttpMethod.Put, "/bucket/new", "x"u8.ToArray()));

        Assert.NotNull(_test.Origin.FindObject(TestOrigin.Bucket, "new"));
    }

    [Fact]
    public async Task A_cut_on_arrival_leaves_the_write_undone()
    {
        Add(new FaultEffects { CutOnArrival = true }, new RequestMatch { Method = "PUT" });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _test.SendAsync(HttpMethod.Put, "/bucket/new", "x"u8.ToArray()));

        await _test.Origin.Traffic.WaitForIdleAsync();
        Assert.Null(_test.Origin.FindObject(TestOrigin.Bucket, "new"));
        Assert.Equal(OriginRequestOutcome.Cut, _test.Origin.Traffic.Requests[0].Outcome);
    }

    [Fact]
    public async Task A_short_chunked_body_ends_cleanly()
    {
        Add(new FaultEffects { EndAfterBodyBytes = 1000 });

        using HttpResponseMessage response = await _test.GetAsync("big");
        BodyCheckResult result = await VerifyAsync(response);

        Assert.Null(response.Content.Headers.ContentLength);
        Assert.True(result.IsPrefix);
        Assert.Equal(1000, result.BytesSeen);
        await _test.Origin.Traffic.WaitForIdleAsync();
        Assert.Equal(OriginRequestOutcome.Cut, _test.Origin.Traffic.Requests.Single().Outcome);
    }

    [Fact]
    public async Task A_body_without_length_is_whole_and_chunked()
    {
        Add(new FaultEffects { OmitContentLength = true });

        using HttpResponseMessage response = await _test.GetAsync("big");

        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.True((await VerifyAsync(response)).IsExact);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(131_072)]
    [InlineData(Size - 1)]
    public async Task A_corrupt_byte_is_where_it_was_asked(int position)
    {
        Add(new FaultEffects { CorruptByteAt = position });

        using HttpResponseMessage response = await _test.GetAsync("big");

        Assert.Equal(position, (await VerifyAsync(response)).FirstMismatch);
    }

    [Fact]
    public async Task Headers_can_be_wrong_missing_weak_or_surplus()
    {
        Add(new FaultEffects { ETag = "\"other\"", ContentRange = "bytes 5-6/7", Headers = new Dictionary<string, string> { ["Vary"] = "Accept", ["Set-Cookie"] = "a=b" } }, RequestMatch.Any.Nth(1));
        Add(new FaultEffects { ETag = "", ContentRange = "" }, RequestMatch.Any.Nth(2));
        Add(new FaultEffects { WeakETag = true }, RequestMatch.Any.Nth(3));

        using HttpResponseMessage wrong = await _test.GetAsync("big", "Range: bytes=1-2");
        using HttpResponseMessage missing = await _test.GetAsync("big", "Range: bytes=1-2");
        using HttpResponseMessage weak = await _test.GetAsync("big", "Range: bytes=1-2");

        Assert.Equal("\"other\"", TestOrigin.Field(wrong, "ETag"));
        Assert.Equal("bytes 5-6/7", TestOrigin.Field(wrong, "Content-Range"));
        Assert.Equal("Accept", TestOrigin.Field(wrong, "Vary"));
        Assert.Equal("a=b", TestOrigin.Field(wrong, "Set-Cookie"));
        Assert.Null(TestOrigin.Field(missing, "ETag"));
        Assert.Null(TestOrigin.Field(missing, "Content-Range"));
        Assert.Equal("W/" + _content.ETag, TestOrigin.Field(weak, "ETag"));
    }

    [Fact]
    public async Task Range_and_conditions_can_be_ignored()
    {
        Add(new FaultEffects { IgnoreRange = true, IgnoreConditions = true });

        using HttpResponseMessage response = await _test.GetAsync("big", "Range: bytes=1-2", "If-Match: \"other\"");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True((await VerifyAsync(response)).IsExact);
    }

    [Fact]
    public async Task Effects_of_several_rules_combine()
    {
        Add(new FaultEffects { ETag = "\"first\"", Headers = new Dictionary<string, string> { ["X-One"] = "1", ["X-Two"] = "1" } });
        Add(new FaultEffects { ETag = "\"second\"", Headers = new Dictionary<string, string> { ["X-Two"] = "2" } });

        using HttpResponseMessage response = await _test.GetAsync("big");

        Assert.Equal("\"second\"", TestOrigin.Field(response, "ETag"));
        Assert.Equal("1", TestOrigin.Field(response, "X-One"));
        Assert.Equal("2", TestOrigin.Field(response, "X-Two"));
    }

    [Fact]
    public async Task The_first_byte_waits_for_the_clock()
    {
        _test.Origin.FirstByteDelay = TimeSpan.FromSeconds(1);
        Add(new FaultEffects { FirstByteDelay = TimeSpan.FromSeconds(2) });
        Task<HttpResponseMessage> pending = _test.HeadAsync("big");
        await _clock.WaitForTimersAsync(1);

        _clock.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        Assert.Equal(0, _test.Origin.Traffic.Requests.Single().Status);
        _clock.Advance(TimeSpan.FromTicks(1));

        using HttpResponseMessage response = await pending;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_throttled_body_takes_its_time_by_the_clock()
    {
        _test.Origin.BytesPerSecond = 100_000;
        long start = _clock.GetTimestamp();
        using HttpResponseMessage response = await _test.GetAsync("big");
        Task<BodyCheckResult> reading = VerifyAsync(response);
        while (!reading.IsCompleted)
        {
            Task next = await Task.WhenAny(_clock.WaitForTimersAsync(1), reading);
            if (next != reading)
            {
                _clock.Advance(TimeSpan.FromMilliseconds(50));
            }
        }

        Assert.True((await reading).IsExact);
        Assert.Equal(TimeSpan.FromSeconds(6), _clock.GetElapsedTime(start));
    }

    [Fact]
    public async Task An_origin_that_stopped_listening_refuses_and_comes_back()
    {
        using HttpResponseMessage before = await _test.HeadAsync("big");
        await _test.Origin.StopListeningAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => _test.HeadAsync("big"));

        await _test.Origin.ResumeListeningAsync();
        using HttpResponseMessage after = await _test.HeadAsync("big");

        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        Assert.Equal(2, _test.Origin.Traffic.HeadCount);
    }

    [Fact]
    public async Task Stopping_cuts_responses_under_way()
    {
        OriginGate gate = new();
        Add(new FaultEffects { HoldInBody = new BodyHold(gate, 10) });
        using HttpResponseMessage response = await _test.GetAsync("big");
        await gate.ArrivedAsync(1);

        await _test.Origin.StopListeningAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => VerifyAsync(response));
        await _test.Origin.Traffic.WaitForIdleAsync();
        Assert.Equal(OriginRequestOutcome.Aborted, _test.Origin.Traffic.Requests.Single().Outcome);
    }

    [Fact]
    public void A_status_that_is_neither_success_nor_error_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Add(new FaultEffects { Status = 302 }));

    [Fact]
    public async Task A_success_in_the_place_of_the_operation_is_empty()
    {
        Add(new FaultEffects { Status = 204 });
        using HttpResponseMessage response = await _test.GetAsync("big");
        Assert.Equal(204, (int)response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    private FaultRule Add(FaultEffects effects, RequestMatch? match = null) => _test.Origin.Faults.Add(match ?? RequestMatch.Any, effects);

    private async Task<BodyCheckResult> VerifyAsync(HttpResponseMessage response) =>
        await BodyCheck.VerifyAsync(await response.Content.ReadAsStreamAsync(), _content);
}
