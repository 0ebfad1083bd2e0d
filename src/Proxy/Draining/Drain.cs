using S3Proxy.Configuration;
using S3Proxy.Transport;

namespace S3Proxy.Draining;

/// <summary>Ends a host that was asked to: waits for the requests that run, within <c>drain.timeout</c>. The admin port answers until they have ended.</summary>
internal static class Drain
{
    /// <summary>Waits until the host is asked to end, or <paramref name="cancellationToken"/> asks for it, and ends it. False when requests were cut off.</summary>
    /// <param name="app">A host that has started.</param>
    /// <param name="configuration">Gives the limits of the time at which they are needed.</param>
    /// <param name="atOnce">Cuts off what still runs.</param>
    /// <param name="cancellationToken">Asks for the end, as a signal does.</param>
    public static async Task<bool> WaitForEndAsync(WebApplication app, Func<DrainConfiguration> configuration, CancellationToken atOnce, CancellationToken cancellationToken)
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration stopping = app.Lifetime.ApplicationStopping.Register(asked.SetResult);
        await using (cancellationToken.Register(app.Lifetime.StopApplication))
        {
            await asked.Task;
        }

        TimeProvider timeProvider = app.Services.GetRequiredService<TimeProvider>();
        TimeSpan timeout = configuration().Timeout;
        using CancellationTokenSource limit = new(timeout > TimeSpan.Zero ? timeout : Timeout.InfiniteTimeSpan, timeProvider);
        using CancellationTokenSource cut = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, atOnce);
        int running = await FinishAsync(app.Services.GetRequiredService<DataPort>(), cut.Token);
        try
        {
            await app.StopAsync(cut.Token);
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            // The host has stopped all the same.
        }

        if (running > 0)
        {
            Log.CutOff(app.Logger, running);
            return false;
        }

        Log.Drained(app.Logger);
        return true;
    }

    /// <summary>Closes the data port and waits for its requests; tells how many still ran when the time was over.</summary>
    private static async Task<int> FinishAsync(DataPort data, CancellationToken cut)
    {
        try
        {
            await data.CloseAsync(cut);
            return 0;
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            return data.RunningRequests;
        }
    }
}
