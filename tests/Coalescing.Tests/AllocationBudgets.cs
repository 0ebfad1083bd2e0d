using System.Text.Json;

namespace S3Proxy.Coalescing.Tests;

/// <summary>The checked budgets of allocation-budgets.json, in bytes a call (requirement F1).</summary>
internal static class AllocationBudgets
{
    private const int Rounds = 5;

    public static IReadOnlyDictionary<string, long> All { get; } =
        JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "allocation-budgets.json")))!;

    /// <summary>
    /// Fails when calls of <paramref name="call"/> on this thread allocate more on average than the budget. The best of a few rounds counts: the first ones
    /// fill pools and tables, and a thread that is moved to another processor may begin a batch there.
    /// </summary>
    public static void AssertWithin(string budget, int calls, Action call)
    {
        double bytesPerCall = Enumerable.Range(0, Rounds).Min(_ => Measure(calls, call));
        Assert.True(bytesPerCall <= All[budget], $"{budget}: {bytesPerCall:F1} bytes a call are allocated, the budget in allocation-budgets.json is {All[budget]}.");
    }

    private static double Measure(int calls, Action call)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < calls; i++)
        {
            call();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)calls;
    }
}
