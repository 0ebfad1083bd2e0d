using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace S3Proxy.Testing;

/// <summary>
/// The checked budgets of the allocation-budgets.json beside the tests, in bytes a call (requirement F1). Raising one is a decision; a measurement that
/// exceeds its budget fails the build. Checked in optimized builds only.
/// </summary>
public static class AllocationBudgets
{
    private const int Rounds = 5;

    /// <summary>Bytes a call by name.</summary>
    public static IReadOnlyDictionary<string, double> All { get; } =
        JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "allocation-budgets.json")))!;

    /// <summary>
    /// Fails when <paramref name="call"/> allocates more on this thread than its budget, on average over <paramref name="calls"/>. The best of a few rounds
    /// counts: the first ones fill pools and tables, and a thread that is moved to another processor may begin anew there.
    /// </summary>
    /// <param name="budget">Name in the file.</param>
    /// <param name="calls">Calls in a round.</param>
    /// <param name="prepare">Makes what a call needs, outside the measurement.</param>
    /// <param name="call">What is measured; must finish on this thread.</param>
    /// <exception cref="InvalidOperationException">The budget is exceeded.</exception>
    public static void AssertWithin<T>(string budget, int calls, Func<T> prepare, Action<T> call)
    {
        ArgumentNullException.ThrowIfNull(prepare);
        ArgumentNullException.ThrowIfNull(call);
        if (call.Method.Module.Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
        {
            // Budgets are for what is shipped: without optimization every async method allocates its state.
            return;
        }

        double bytesPerCall = BytesPerCall(calls, prepare, call);
        if (bytesPerCall > All[budget])
        {
            throw new InvalidOperationException($"{budget}: {bytesPerCall:F1} bytes a call are allocated, the budget in allocation-budgets.json is {All[budget]}.");
        }
    }

    /// <summary>As the other overload, for calls that need nothing made for each.</summary>
    public static void AssertWithin(string budget, int calls, Action call)
    {
        ArgumentNullException.ThrowIfNull(call);
        AssertWithin(budget, calls, () => call, prepared => prepared());
    }

    /// <summary>
    /// The bytes that a call allocates on this thread, on average over <paramref name="calls"/>, in the best of a few rounds. What is spent once, whenever that may be, is no cost of
    /// a call: a listener of metrics in a test beside this one, say, hears of all meters of a name and makes a series at the first measurement that it hears.
    /// </summary>
    /// <param name="calls">Calls in a round.</param>
    /// <param name="call">What is measured; must finish on this thread.</param>
    public static double BytesPerCall(int calls, Action call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return BytesPerCall(calls, () => call, prepared => prepared());
    }

    private static double BytesPerCall<T>(int calls, Func<T> prepare, Action<T> call) => Enumerable.Range(0, Rounds).Min(_ => Measure(calls, prepare, call));

    private static double Measure<T>(int calls, Func<T> prepare, Action<T> call)
    {
        T[] prepared = [.. Enumerable.Range(0, calls).Select(_ => prepare())];
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (T one in prepared)
        {
            call(one);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / (double)calls;
    }
}
