using S3Proxy.Demo.Peers.Memory;

namespace S3Proxy.PeersTests.Peers.Memory;

public sealed class BudgetSearchTests
{
    private const long Target = 512 << 20;

    [Theory]
    [InlineData(100 << 20, 1.0, 1)]
    [InlineData(150 << 20, 1.2, 3)]
    [InlineData(20 << 20, 0.8, 3)]
    [InlineData(250 << 20, 1.0, 3)]
    public void A_budget_is_found_whatever_a_server_makes_of_it(long fixedBytes, double perByte, int attempts)
    {
        BudgetSearch search = new(new MemoryCost(100 << 20, 1), leastBytes: 0);
        MemoryFit fit = new(Target, 0, 0);
        for (int attempt = 0; attempt < attempts && !fit.IsMet; attempt++)
        {
            long budget = search.Propose(Target);
            fit = new MemoryFit(Target, budget, fixedBytes + (long)(budget * perByte));
            search.Learn(fit.BudgetBytes, fit.PeakBytes);
        }

        Assert.True(fit.IsMet, fit.ToString());
    }

    [Fact]
    public void The_attempt_that_came_nearest_is_corrected()
    {
        BudgetSearch search = new(new MemoryCost(0, 2), leastBytes: 0);
        search.Learn(100, 500);
        search.Learn(200, 900);
        Assert.Equal(150, search.Propose(600));
        Assert.Equal(150, search.Propose(800));
    }

    [Fact]
    public void No_budget_is_less_than_the_least() => Assert.Equal(16, new BudgetSearch(new MemoryCost(1000, 1), leastBytes: 16).Propose(500));
}
