using S3Proxy.Configuration;

namespace S3Proxy.Draining;

/// <summary>Ends a host that was asked to: waits for the requests that run, within <c>drain.timeout</c>.</summary>
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
        try
        {
            await app.StopAsync(cut.Token);
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            // The host has stopped all the same.
        }

        if (cut.IsCancellationRequested)
        {
            Log.CutOff(app.Logger);
            return false;
        }

        Log.Drained(app.Logger);
        return true;
    }
}
