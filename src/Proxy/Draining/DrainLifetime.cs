using System.Runtime.InteropServices;
using S3Proxy.Admin;
using S3Proxy.Reloading;

namespace S3Proxy.Draining;

/// <summary>
/// The life of the process by its signals (requirement R2). SIGTERM: readiness is refused at once, connections are accepted for <c>drain.readinessDelay</c> more, then the host stops, which finishes
/// the requests that run. SIGINT and SIGQUIT: the same without the delay. The second of them ends everything at once. SIGHUP: the configuration is read again.
/// </summary>
/// <remarks>Thread-safe. <c>_lock</c> protects whether the end has begun, and whether it has come: signals that arrive later do nothing.</remarks>
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
    private Reloader? _reloader;
    private bool _hasBegun;
    private bool _hasEnded;

    /// <summary>Cancelled when what still runs is to be cut off.</summary>
    public CancellationToken AtOnce => _atOnce.Token;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _reloader = services.GetService<Reloader>();
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

        lock (_lock)
        {
            _hasEnded = true;
            _atOnce.Dispose();
        }
    }

    /// <summary>Begins the end after <paramref name="delay"/>; when it has begun already, cuts off what still runs.</summary>
    public void Begin(TimeSpan delay)
    {
        CancellationToken atOnce;
        lock (_lock)
        {
            if (_hasEnded)
            {
                return;
            }

            if (_hasBegun)
            {
                Log.AtOnce(logger);
                _atOnce.Cancel();
                return;
            }

            _hasBegun = true;
            atOnce = _atOnce.Token;
        }

        readiness.BeginDrain();
        Log.Draining(logger, delay);
        _ = StopAfterAsync(delay, atOnce);
    }

    private static PosixSignalRegistration Register(PosixSignal signal, Action action) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    });

    private async Task StopAfterAsync(TimeSpan delay, CancellationToken atOnce)
    {
        try
        {
            await Task.Delay(delay, timeProvider, atOnce);
        }
        catch (OperationCanceledException)
        {
            // There was a second signal.
        }

        Log.Stopping(logger);
        lifetime.StopApplication();
    }

    /// <summary>Not on the thread that signals come on. A reload tells of its failures itself.</summary>
    private void Reload()
    {
        if (_reloader is { } reloader)
        {
            _ = Task.Run(() => reloader.ReloadAsync("SIGHUP", CancellationToken.None));
        }
    }
}
