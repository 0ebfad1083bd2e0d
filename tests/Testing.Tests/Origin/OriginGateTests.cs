using S3Proxy.Testing.Origin;

namespace S3Proxy.Testing.Tests.Origin;

public sealed class OriginGateTests
{
    private readonly OriginGate _gate = new();

    [Fact]
    public async Task Arrivals_are_announced_when_the_last_of_them_came()
    {
        Task two = _gate.ArrivedAsync(2);
        Task first = _gate.PassAsync(CancellationToken.None);
        Assert.False(two.IsCompleted);

        Task second = _gate.PassAsync(CancellationToken.None);
        await two;

        Assert.Equal(2, _gate.Waiting);
        _gate.Release();
        await Task.WhenAll(first, second);
        Assert.Equal(0, _gate.Waiting);
        Assert.Equal(2, _gate.Arrived);
    }

    [Fact]
    public async Task An_open_gate_holds_nobody_until_it_is_shut()
    {
        _gate.Release();
        await _gate.PassAsync(CancellationToken.None);

        _gate.Shut();
        Task held = _gate.PassAsync(CancellationToken.None);

        Assert.False(held.IsCompleted);
        _gate.Release();
        await held;
    }

    [Fact]
    public async Task One_passes_at_a_time_in_the_order_of_arrival()
    {
        Task first = _gate.PassAsync(CancellationToken.None);
        Task second = _gate.PassAsync(CancellationToken.None);

        Assert.True(_gate.ReleaseOne());
        await first;
        Assert.False(second.IsCompleted);
        Assert.True(_gate.ReleaseOne());
        await second;
        Assert.False(_gate.ReleaseOne());
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_queue()
    {
        using CancellationTokenSource leaving = new();
        Task first = _gate.PassAsync(leaving.Token);
        Task second = _gate.PassAsync(CancellationToken.None);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(1, _gate.Waiting);
        _gate.ReleaseOne();
        await second;
    }
}
