namespace S3Proxy.Demo.Peers.Memory;

/// <summary>
/// Finds the budget with which a server's peak of memory is what it is to be: it begins with what servers of the kind were seen to cost, and corrects the budget that came nearest by what its peak was off. Not
/// thread-safe.
/// </summary>
/// <param name="cost">Of the kind, about.</param>
/// <param name="leastBytes">No budget is less.</param>
internal sealed class BudgetSearch(MemoryCost cost, long leastBytes)
{
    private readonly List<(long BudgetBytes, long PeakBytes)> _tried = [];

    /// <summary>Tells what a budget came to.</summary>
    public void Learn(long budgetBytes, long peakBytes) => _tried.Add((budgetBytes, peakBytes));

    /// <summary>The budget to try next for a peak.</summary>
    public long Propose(long targetBytes)
    {
        (long budgetBytes, long peakBytes) = _tried.Count == 0 ? (0, cost.FixedBytes) : _tried.MinBy(tried => Math.Abs(tried.PeakBytes - targetBytes));
        return Math.Max(leastBytes, budgetBytes + (long)((targetBytes - peakBytes) / cost.PerBudgetByte));
    }
}
