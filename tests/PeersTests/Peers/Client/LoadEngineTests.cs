using S3Proxy.Demo.Peers;
using S3Proxy.Demo.Peers.Client;
using S3Proxy.Testing.Origin;

namespace S3Proxy.PeersTests.Peers.Client;

/// <summary>The client of the comparison, on the embedded origin itself.</summary>
public sealed class LoadEngineTests : IAsyncLifetime
{
    private const int ObjectBytes = 300_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private EmbeddedOrigin _origin = null!;
    private PeerObjects _objects = null!;
    private PeerObject[] _items = [];

    public async Task InitializeAsync()
    {
        _origin = await EmbeddedOrigin.StartAsync(new EmbeddedOriginOptions { Buckets = [PeerObjects.Bucket] });
        _objects = new PeerObjects(_origin);
        _items = _objects.PutMany("item", 5, ObjectBytes);
    }

    public async Task DisposeAsync() => await _origin.DisposeAsync();

    [Fact]
    public async Task All_that_is_asked_is_answered_and_right()
    {
        LoadResult result = await PlayAsync(connections: 3, count: 50);
        Assert.Equal((50, 0, 0), (result.Answers, result.Errors, result.Wrong));
        Assert.Equal(50, _origin.Traffic.GetCount);
        Assert.Equal(50, result.Milliseconds.Count);
        Assert.All(result.Milliseconds.Zip(result.FirstByteMilliseconds), pair => Assert.True(pair.First >= pair.Second && pair.Second > 0));
    }

    [Fact]
    public async Task A_range_is_that_part_of_the_object()
    {
        Ask ask = _items[1].Range(_origin.Endpoint, 1000, 5000);
        LoadResult result = await LoadEngine.RunAsync(_origin.Endpoint, _objects.Content, 1, new OpenLoop(() => ask, TimeSpan.Zero, 1), Patience, CancellationToken.None);
        Assert.Equal((1, null), (result.Answers, result.FirstError));
        Assert.Equal("bytes=1000-5999", Assert.Single(_origin.Traffic.Requests).Range);
    }

    [Fact]
    public async Task A_wrong_byte_is_seen()
    {
        using FaultRule fault = _origin.Faults.Add(RequestMatch.AnyGet.Nth(3), new FaultEffects { CorruptByteAt = 123_456 });
        LoadResult result = await PlayAsync(connections: 2, count: 10);
        Assert.Equal((9, 1, 1), (result.Answers, result.Errors, result.Wrong));
        Assert.Equal("wrong byte at 123456 of the body", result.FirstError);
    }

    [Fact]
    public async Task A_body_that_is_cut_is_an_error_and_the_others_go_on()
    {
        using FaultRule fault = _origin.Faults.Add(RequestMatch.AnyGet.Nth(2), new FaultEffects { CutAfterBodyBytes = 1000 });
        LoadResult result = await PlayAsync(connections: 1, count: 5);
        Assert.Equal((4, 1, 0), (result.Answers, result.Errors, result.Wrong));
    }

    [Fact]
    public async Task A_connection_that_the_server_ends_with_an_answer_is_opened_anew()
    {
        FaultEffects closing = new() { Headers = new Dictionary<string, string> { ["Connection"] = "close" } };
        using FaultRule fault = _origin.Faults.Add(RequestMatch.AnyGet.Nth(2), closing);
        LoadResult result = await PlayAsync(connections: 1, count: 5);
        Assert.Equal((5, 0, null), (result.Answers, result.Errors, result.FirstError));
    }

    [Fact]
    public async Task An_error_status_is_no_answer()
    {
        using FaultRule fault = _origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { Status = 503 });
        LoadResult result = await PlayAsync(connections: 1, count: 2);
        Assert.Equal((1, 1), (result.Answers, result.Errors));
        Assert.StartsWith("status 503", result.FirstError, StringComparison.Ordinal);
    }

    /// <summary>No coordinated omission: all are due at once, so each has waited for all before it.</summary>
    [Fact]
    public async Task Requests_are_timed_from_when_they_were_due()
    {
        OpenLoop source = new(Next(), TimeSpan.Zero, 5);
        LoadResult result = await LoadEngine.RunAsync(_origin.Endpoint, _objects.Content, 1, source, Patience, CancellationToken.None);
        Assert.Equal(5, result.Answers);
        Assert.All(result.Milliseconds.Zip(result.Milliseconds.Skip(1)), pair => Assert.True(pair.First < pair.Second));
    }

    [Fact]
    public async Task What_is_never_answered_or_sent_is_counted()
    {
        OriginGate gate = new();
        using FaultRule fault = _origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        LoadResult result = await LoadEngine.RunAsync(
            _origin.Endpoint, _objects.Content, 2, new OpenLoop(Next(), TimeSpan.Zero, 7), TimeSpan.FromMilliseconds(100), CancellationToken.None);
        gate.Release();
        Assert.Equal((0, 7), (result.Answers, result.Errors));
    }

    [Fact]
    public async Task A_cancelled_load_ends()
    {
        OriginGate gate = new();
        using FaultRule fault = _origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldBeforeHeaders = gate });
        using CancellationTokenSource stop = new();
        Task<LoadResult> load = LoadEngine.RunAsync(_origin.Endpoint, _objects.Content, 2, new OpenLoop(Next(), TimeSpan.Zero, 2), Patience, stop.Token);
        await gate.ArrivedAsync(2);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => load);
        gate.Release();
    }

    private Task<LoadResult> PlayAsync(int connections, int count) => LoadEngine.RunAsync(
        _origin.Endpoint, _objects.Content, connections, new ClosedLoop(Next(), TimeSpan.MaxValue, count), Patience, CancellationToken.None);

    private Func<Ask> Next()
    {
        int next = 0;
        return () => _items[next++ % _items.Length].Whole(_origin.Endpoint);
    }
}
