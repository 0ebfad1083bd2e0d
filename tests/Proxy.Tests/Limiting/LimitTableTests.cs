using S3Proxy.Configuration;
using S3Proxy.Limiting;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Limiting;

/// <summary>Requirement A6: what one client may have, on a clock that the test turns.</summary>
public sealed class LimitTableTests
{
    private const int Most = 1024;
    private static readonly LimitConfiguration TwoASecond = new() { RequestsPerSecond = 2, Burst = 4 };
    private static readonly LimitConfiguration TwoAtOnce = new() { Concurrent = 2 };

    private readonly ManualTimeProvider _time = new();
    private readonly LimitTable<string> _table;

    public LimitTableTests() => _table = new LimitTable<string>(_time);

    [Fact]
    public void A_burst_is_let_in_and_then_what_the_rate_allows()
    {
        Assert.Equal(4, Entered("a", TwoASecond, 10));
        LimitVerdict refused = _table.TryEnter("a", TwoASecond, Most);
        Assert.Equal((LimitKind.Rate, TimeSpan.FromMilliseconds(500)), (refused.Kind, refused.RetryAfter));
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(1, Entered("a", TwoASecond, 10));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(4, Entered("a", TwoASecond, 10));
    }

    [Fact]
    public void Over_a_long_time_no_more_than_the_rate_and_one_burst_come_in()
    {
        LimitConfiguration limit = new() { RequestsPerSecond = 0.3, Burst = 1 };
        int entered = 0;
        for (int i = 0; i < 10_000; i++)
        {
            entered += Entered("a", limit, 1);
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.InRange(entered, 295, 301);
    }

    [Fact]
    public void Clients_do_not_take_from_one_another()
    {
        Assert.Equal(4, Entered("a", TwoASecond, 10));
        Assert.Equal(4, Entered("b", TwoASecond, 10));
    }

    [Fact]
    public void A_place_is_free_again_when_its_request_has_ended()
    {
        LimitVerdict first = _table.TryEnter("a", TwoAtOnce, Most);
        Assert.True(_table.TryEnter("a", TwoAtOnce, Most).IsAllowed);
        LimitVerdict third = _table.TryEnter("a", TwoAtOnce, Most);
        Assert.Equal((false, LimitKind.Concurrency), (third.IsAllowed, third.Kind));
        first.Entry!.Leave();
        Assert.True(_table.TryEnter("a", TwoAtOnce, Most).IsAllowed);
        Assert.False(_table.TryEnter("a", TwoAtOnce, Most).IsAllowed);
    }

    [Fact]
    public void Who_is_refused_a_place_keeps_his_tokens()
    {
        LimitConfiguration both = new() { RequestsPerSecond = 1, Burst = 2, Concurrent = 1 };
        LimitVerdict running = _table.TryEnter("a", both, Most);
        Assert.Equal(LimitKind.Concurrency, _table.TryEnter("a", both, Most).Kind);
        running.Entry!.Leave();
        Assert.True(_table.TryEnter("a", both, Most).IsAllowed);
    }

    [Fact]
    public void Other_bounds_count_at_once()
    {
        Assert.Equal(4, Entered("a", TwoASecond, 10));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Entered("a", TwoASecond with { Burst = 1 }, 10));
    }

    [Fact]
    public void It_remembers_no_more_than_it_may_and_forgets_who_asked_longest_ago()
    {
        LimitConfiguration one = new() { RequestsPerSecond = 0.001, Burst = 1 };
        for (int i = 0; i < 20_000; i++)
        {
            _table.TryEnter($"{i}", one, Most).Entry?.Leave();
            Assert.False(_table.TryEnter("0", one, Most).IsAllowed);
        }

        Assert.InRange(_table.Count, Most / 2, Most);
        Assert.Equal(20_000 - _table.Count, _table.Forgotten);
        Assert.True(_table.TryEnter("1", one, Most).IsAllowed);
    }

    [Fact]
    public void Whose_request_runs_is_not_forgotten()
    {
        LimitConfiguration one = new() { Concurrent = 1 };
        for (int i = 0; i < 4 * Most; i++)
        {
            Assert.True(_table.TryEnter($"{i}", one, Most).IsAllowed);
        }

        Assert.All(Enumerable.Range(0, 4 * Most), i => Assert.False(_table.TryEnter($"{i}", one, Most).IsAllowed));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(4 * Most)]
    public void Those_whose_requests_run_do_not_keep_others_from_being_forgotten(int busy)
    {
        LimitConfiguration one = new() { Concurrent = 1 };
        for (int i = 0; i < busy; i++)
        {
            Assert.True(_table.TryEnter($"busy-{i}", one, Most).IsAllowed);
        }

        for (int i = 0; i < 20_000; i++)
        {
            _table.TryEnter($"idle-{i}", one, Most).Entry!.Leave();
            Assert.InRange(_table.Count, 0, Most + busy);
        }

        Assert.All(Enumerable.Range(0, busy), i => Assert.False(_table.TryEnter($"busy-{i}", one, Most).IsAllowed));
    }

    [Fact]
    public async Task Many_at_once_get_as_many_places_as_there_are()
    {
        LimitConfiguration ten = new() { Concurrent = 10 };
        int running = 0;
        int most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                if (_table.TryEnter("a", ten, Most).Entry is { } entry)
                {
                    int now = Interlocked.Increment(ref running);
                    InterlockedMax(ref most, now);
                    Interlocked.Decrement(ref running);
                    entry.Leave();
                }
            }
        })));
        Assert.InRange(most, 1, 10);
        Assert.All(Enumerable.Range(0, 10), _ => Assert.True(_table.TryEnter("a", ten, Most).IsAllowed));
        Assert.False(_table.TryEnter("a", ten, Most).IsAllowed);
    }

    [Fact]
    public void Who_is_known_is_let_in_without_an_allocation()
    {
        LimitConfiguration limit = new() { RequestsPerSecond = 1_000_000, Burst = 1_000_000, Concurrent = 10 };
        Assert.Equal(0, AllocationBudgets.BytesPerCall(1000, () => _table.TryEnter("a", limit, Most).Entry!.Leave()));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private int Entered(string key, LimitConfiguration limit, int tries) => Enumerable.Range(0, tries).Count(_ => _table.TryEnter(key, limit, Most).IsAllowed);
}
