using System.Runtime.InteropServices;
using S3Proxy.Admin;
using S3Proxy.Reloading;

namespace S3Proxy.Draining;

/// <summary>
/// The life of the process by its signals (requirement R2). SIGTERM: readiness is refused at once, connections are accepted for <c>drain.readinessDelay</c> more, then the host stops, which finishes
/// the requests that run. SIGINT and SIGQUIT: the same without the delay. The second of them ends everything at once. SIGHUP: the configuration is read again.
/// </summary>
/// <remarks>Thread-safe. <c>_lock</c> protects whether the end has begun.</remarks>
internal sealed class DrainLifetime(
    IHostApplicationLifetime lifetime,
    ReadinessState readiness,
    CurrentSnapshot current,
    IServiceProvider services,
    TimeProvider timeProvider,
    ILogger<DrainLifetime> logger) : IHostLifetime, IDisposable
{
    private readonly CancellationTokenSource _atOnce = new();
    private readonly Lock _lock = new();
    private PosixSignalRegistration[] _signals = [];
    private bool _hasBegun;

    /// <summary>Cancelled when what still runs is to be cut off.</summary>
    public CancellationToken AtOnce => _atOnce.Token;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals =
        [
            Register(PosixSignal.SIGTERM, () => Begin(current.Configuration.Drain.ReadinessDelay)),
            Register(PosixSignal.SIGINT, () => Begin(TimeSpan.Zero)),
            Register(PosixSignal.SIGQUIT, () => Begin(TimeSpan.Zero)),
            Register(PosixSignal.SIGHUP, Reload),
        ];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }

        _atOnce.Dispose();
    }

    /// <summary>Begins the end after <paramref name="delay"/>; when it has begun already, cuts off what still runs.</summary>
    public void Begin(TimeSpan delay)
    {
        lock (_lock)
        {
            if (_hasBegun)
            {
                Log.AtOnce(logger);
                _atOnce.Cancel();
                return;
            }

            _hasBegun = true;
        }

        readiness.BeginDrain();
        Log.Draining(logger, delay);
        _ = StopAfterAsync(delay);
    }

    private static PosixSignalRegistration Register(PosixSignal signal, Action action) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    });

    private async Task StopAfterAsync(TimeSpan delay)
    {
        try
        {
            await Task.Delay(delay, timeProvider, _atOnce.Token);
        }
        catch (OperationCanceledException)
        {
            // There was a second signal.
        }

        Log.Stopping(logger);
        lifetime.StopApplication();
    }

    private void Reload()
    {
        if (services.GetService<Reloader>() is { } reloader)
        {
            _ = Task.Run(() => reloader.ReloadAsync("SIGHUP", CancellationToken.None));
        }
    }
}
