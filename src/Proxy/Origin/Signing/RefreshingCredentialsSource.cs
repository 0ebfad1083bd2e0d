using Microsoft.Extensions.Logging.Abstractions;

namespace S3Proxy.Origin.Signing;

/// <summary>
/// Keeps temporary credentials fresh. One refresh runs at a time, however many ask; it starts before the old keys expire and meanwhile they
/// go on being used. A refresh that fails leaves valid keys in place and is tried again after a pause; without valid keys everyone waiting
/// gets its error.
/// </summary>
/// <remarks>
/// The lock guards all fields. It is never held across the fetch. A caller's cancellation ends its own wait and not the refresh.
/// </remarks>
internal sealed class RefreshingCredentialsSource : IOriginCredentialsSource
{
    /// <summary>How long before expiry a refresh begins.</summary>
    public static readonly TimeSpan RefreshMargin = TimeSpan.FromMinutes(5);

    /// <summary>Pause after a failed refresh, so that a broken source is not stormed.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(2);

    /// <summary>Bound on one refresh.</summary>
    public static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(30);

    private readonly Func<CancellationToken, Task<SigningCredentials>> _fetch;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();

    private SigningCredentials? _current;
    private Task<Outcome>? _refresh;
    private OriginCredentialsException? _failure;
    private DateTimeOffset _retryAt = DateTimeOffset.MinValue;

    /// <param name="fetch">Gets new credentials; must not return those it returned before once they are close to their end.</param>
    /// <param name="time">Tells the time.</param>
    /// <param name="logger">Hears of failed refreshes; null for silence.</param>
    public RefreshingCredentialsSource(Func<CancellationToken, Task<SigningCredentials>> fetch, TimeProvider time, ILogger? logger = null)
    {
        _fetch = fetch;
        _time = time;
        _logger = logger ?? NullLogger.Instance;
    }

    public ValueTask<SigningCredentials?> GetAsync(CancellationToken cancellationToken)
    {
        Task<Outcome> refresh;
        lock (_lock)
        {
            DateTimeOffset now = _time.GetUtcNow();
            SigningCredentials? current = _current;
            TimeSpan left = current is null ? TimeSpan.Zero : (current.ExpiresAt ?? DateTimeOffset.MaxValue) - now;
            bool mayTry = now >= _retryAt || (left <= TimeSpan.Zero && _failure is null);
            if (left <= RefreshMargin && _refresh is null && mayTry)
            {
                // The queue and not this thread: a fetch that runs for a while before its first await would hold the lock.
                _refresh = Task.Run(RefreshAsync, CancellationToken.None);
            }

            if (left > TimeSpan.Zero)
            {
                return new ValueTask<SigningCredentials?>(current);
            }

            if (_refresh is null)
            {
                return ValueTask.FromException<SigningCredentials?>(_failure!);
            }

            refresh = _refresh;
        }

        return AwaitAsync(refresh, cancellationToken);
    }

    private static async ValueTask<SigningCredentials?> AwaitAsync(Task<Outcome> refresh, CancellationToken cancellationToken)
    {
        Outcome outcome = await refresh.WaitAsync(cancellationToken);
        return outcome.Credentials ?? throw outcome.Failure!;
    }

    // Never faults: a refresh in the background may have nobody to observe it.
    private async Task<Outcome> RefreshAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(FetchTimeout, _time);
            SigningCredentials fetched = await _fetch(timeout.Token).WaitAsync(FetchTimeout, _time, CancellationToken.None);
            if (fetched.ExpiresAt <= _time.GetUtcNow())
            {
                throw new InvalidOperationException("the credentials it gave have already expired; check the clock of this machine.");
            }

            lock (_lock)
            {
                _current = fetched;
                _failure = null;

                // A source that keeps handing out keys near their end is asked again, but not by every request.
                _retryAt = _time.GetUtcNow() + RetryPause;
                _refresh = null;
            }

            return new Outcome(fetched, null);
        }
        catch (Exception e)
        {
            var failure = new OriginCredentialsException(
                "No credentials for the origin: the AWS credential chain failed. Check the environment, profile, web identity or instance role "
                + "of the proxy, or set origins.<name>.credentials. Reason: " + e.Message,
                e);
            bool hasValid;
            lock (_lock)
            {
                _failure = failure;
                _retryAt = _time.GetUtcNow() + RetryPause;
                _refresh = null;
                hasValid = _current is { } current && (current.ExpiresAt ?? DateTimeOffset.MaxValue) > _time.GetUtcNow();
            }

            Log.CredentialsRefreshFailed(_logger, hasValid, e);
            return new Outcome(null, failure);
        }
    }

    private sealed record Outcome(SigningCredentials? Credentials, OriginCredentialsException? Failure);
}
