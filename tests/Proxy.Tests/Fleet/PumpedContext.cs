using System.Collections.Concurrent;

namespace S3Proxy.Tests.Fleet;

/// <summary>Runs everything that a test sets going on the test's own thread, so that it is known when nothing more happens until the clock moves, however busy the machine is.</summary>
internal sealed class PumpedContext : SynchronizationContext
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _posted = [];

    /// <summary>Runs <paramref name="body"/> to its end, and fails when nothing happens any more before.</summary>
    public static void Run(Func<PumpedContext, Task> body)
    {
        SynchronizationContext? before = Current;
        PumpedContext context = new();
        SetSynchronizationContext(context);
        try
        {
            Task running = body(context);
            while (!running.IsCompleted)
            {
                Assert.True(context._posted.TryTake(out (SendOrPostCallback Callback, object? State) next, Limit), "Nothing happens any more.");
                next.Callback(next.State);
            }

            running.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state) => _posted.Add((d, state));

    /// <summary>Lets everything happen that can without the clock.</summary>
    public async Task SettleAsync()
    {
        do
        {
            await Task.Yield();
        }
        while (_posted.Count > 0);
    }
}
