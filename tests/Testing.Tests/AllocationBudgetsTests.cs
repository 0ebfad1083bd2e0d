namespace S3Proxy.Testing.Tests;

public sealed class AllocationBudgetsTests
{
    private object? _made;

    [Fact]
    public void What_every_call_allocates_is_seen() => Assert.InRange(AllocationBudgets.BytesPerCall(100, () => _made = new byte[1000]), 1000, 1100);

    [Fact]
    public void What_is_allocated_now_and_then_is_seen()
    {
        int calls = 0;
        Assert.InRange(AllocationBudgets.BytesPerCall(100, () => _made = ++calls % 50 == 0 ? new byte[1000] : _made), 20, 22);
    }

    [Fact]
    public void What_is_allocated_once_is_no_cost_of_a_call()
    {
        int calls = 0;
        Assert.Equal(0, AllocationBudgets.BytesPerCall(100, () => _made = ++calls == 150 ? new byte[1000] : _made));
    }
}
