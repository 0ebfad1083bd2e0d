using System.Diagnostics.CodeAnalysis;

namespace S3Proxy.Coalescing;

/// <summary>
/// One running fetch of something that any number of participants share. The fetch belongs to the flight: it runs on its own task and
/// ends with the last participant, not with the first.
/// </summary>
/// <remarks>
/// Thread-safe. <c>_lock</c> protects the state, the result, the tickets and the completion sources; nothing is called while it is held.
/// A flight leaves its table by identity, so it never removes its successor under the same key.
/// </remarks>
/// <typeparam name="TKey">What is fetched.</typeparam>
/// <typeparam name="TResult">What the fetch publishes before (or instead of) bytes.</typeparam>
public sealed partial class Flight<TKey, TResult>
    where TKey : notnull, IEquatable<TKey>
{
    internal const int LeaderTicket = 0;

    private readonly RequestCoalescer<TKey, TResult> _coalescer;
    private readonly Lock _lock = new();
    private FlightState _state;
    private TResult? _result;
    private Exception? _error;
    private TicketSet _tickets;
    private bool _closed;
    private bool _isDeserted;
    private TaskCompletionSource? _published;
    private TaskCompletionSource? _ended;
    private CancellationTokenSource? _deserted;
    private ITimer? _timer;

    internal Flight(TKey key, RequestCoalescer<TKey, TResult> coalescer)
    {
        Key = key;
        _coalescer = coalescer;
        _tickets.Issue();
    }

    /// <summary>What this flight fetches.</summary>
    public TKey Key { get; }

    /// <summary>
    /// The bytes of this flight, for fetches that have any. The leader sets it before it publishes; readers use it after.
    /// </summary>
    public SharedBody? Body { get; set; }

    /// <summary>
    /// Set by the fetch when so little is missing that finishing costs less than starting again: the flight then outlives its last
    /// participant and stays open to new ones.
    /// </summary>
    public bool IsNearlyDone { get; set; }

    /// <summary>Timestamp of the coalescer's clock when <see cref="Start"/> was called; 0 before, and for flights that others fill.</summary>
    public long StartedAt
    {
        get
        {
            lock (_lock)
            {
                return (_deserted as StartedSource)?.StartedAt ?? 0;
            }
        }
    }

    /// <summary>The state at this moment.</summary>
    public FlightState State
    {
        get
        {
            lock (_lock)
            {
                return _state;
            }
        }
    }

    /// <summary>How many guards have not been disposed.</summary>
    public int Participants
    {
        get
        {
            lock (_lock)
            {
                return _tickets.Count;
            }
        }
    }

    /// <summary>
    /// Cancelled once, when nobody is left: at once for a flight that has ended, after the grace time for one that runs, and not at all
    /// for one that is nearly done.
    /// </summary>
    public CancellationToken Deserted
    {
        get
        {
            lock (_lock)
            {
                if (_isDeserted)
                {
                    return new CancellationToken(canceled: true);
                }

                return (_deserted ??= new CancellationTokenSource()).Token;
            }
        }
    }

    /// <summary>
    /// Runs <paramref name="fetch"/> as this flight's fetch, on the thread pool and outside the caller's execution context. Its token is
    /// <see cref="Deserted"/>. When it returns or throws without having ended the flight, the flight ends as failed (with its exception)
    /// or as abandoned, so that nobody waits for ever.
    /// </summary>
    /// <remarks>Does nothing for a flight that has ended already, as by a shutdown.</remarks>
    /// <exception cref="InvalidOperationException">The fetch was started before.</exception>
    public void Start(Func<Flight<TKey, TResult>, CancellationToken, Task> fetch)
    {
        ArgumentNullException.ThrowIfNull(fetch);
        lock (_lock)
        {
            if (_state == FlightState.Queued)
            {
                _state = FlightState.Connecting;
                _deserted ??= new StartedSource(_coalescer.TimeProvider.GetTimestamp());
            }
            else if (_state is FlightState.Connecting or FlightState.Streaming)
            {
                throw new InvalidOperationException("The fetch of this flight was started before.");
            }
            else
            {
                return;
            }
        }

        CancellationToken deserted = Deserted;
        FetchStart.Queue(static work => _ = work.Flight.RunAsync(work.Fetch, work.Deserted), (Flight: this, Fetch: fetch, Deserted: deserted), _coalescer.Options.Scheduler);
    }

    /// <summary>
    /// Tells every participant <paramref name="result"/>; bytes may follow. False when the flight has ended or published before.
    /// </summary>
    public bool Publish(TResult result)
    {
        TaskCompletionSource? published;
        lock (_lock)
        {
            if (_state is not (FlightState.Queued or FlightState.Connecting))
            {
                return false;
            }

            _state = FlightState.Streaming;
            _result = result;
            published = _published;
            _published = null;
        }

        published?.SetResult();
        return true;
    }

    /// <summary>
    /// Ends the flight in <paramref name="state"/>, once; later calls return false and change nothing. A flight that ends well or fails may
    /// stay joinable for <paramref name="linger"/>, so that those who come just after get the same outcome; no other outcome lingers.
    /// The body, if any, ends with the flight.
    /// </summary>
    /// <exception cref="ArgumentException"><paramref name="state"/> is not terminal.</exception>
    public bool End(FlightState state, TimeSpan linger = default, Exception? error = null)
    {
        if (state < FlightState.Complete)
        {
            throw new ArgumentException($"{state} is not a terminal state.", nameof(state));
        }

        return End(state, linger, error, hasResult: false, default);
    }

    /// <summary>Publishes <paramref name="result"/> and ends the flight well in one step, for results that need no bytes.</summary>
    public bool Complete(TResult result, TimeSpan linger = default) => End(FlightState.Complete, linger, error: null, hasResult: true, result);

    private bool End(FlightState state, TimeSpan linger, Exception? error, bool hasResult, TResult? result)
    {
        TaskCompletionSource? published;
        TaskCompletionSource? ended;
        bool nobodyLeft;
        bool lingers;
        lock (_lock)
        {
            if (_state >= FlightState.Complete)
            {
                return false;
            }

            _timer?.Dispose();
            _timer = null;

            // Before the state, so that whoever sees the outcome finds its linger time running and nobody joins a flight that has ended for good.
            lingers = linger > TimeSpan.Zero && state is FlightState.Complete or FlightState.Failed && TryLingerUnderLock(linger);
            _closed |= !lingers;
            if (hasResult)
            {
                _result = result;
            }

            _state = state;
            _error = error;
            published = _published;
            ended = _ended;
            _published = null;
            _ended = null;
            nobodyLeft = _tickets.Count == 0;

            // Counted with the state: whoever has seen the outcome finds the flight gone from the count.
            _coalescer.CountEnded();
        }

        if (!lingers)
        {
            _coalescer.Remove(this);
        }

        Body?.End(state == FlightState.Complete);
        _coalescer.OnEnded(this, state);
        published?.SetResult();
        ended?.SetResult();
        if (nobodyLeft)
        {
            // The grace timer that would have told so went with the fetch.
            Desert();
        }

        return true;
    }

    /// <summary>
    /// Takes the flight out of its table: participants go on, later requests for the key start afresh. Idempotent.
    /// </summary>
    public void Detach() => CloseToJoiners();

    /// <summary>What the fetch has published so far; false while there is nothing, and for a flight that ended without.</summary>
    public bool TryGetResult([MaybeNullWhen(false)] out TResult result)
    {
        lock (_lock)
        {
            result = _result;
            return _state is FlightState.Streaming or FlightState.Complete;
        }
    }

    /// <summary>
    /// Waits until the fetch has published or the flight has ended. The wait holds nothing but the caller's guard, is ended by every
    /// terminal state, and <paramref name="cancellationToken"/> ends this wait alone.
    /// </summary>
    public ValueTask<FlightOutcome<TResult>> WhenPublishedAsync(CancellationToken cancellationToken)
    {
        Task wait;
        lock (_lock)
        {
            if (_state >= FlightState.Streaming)
            {
                return new(OutcomeUnderLock());
            }

            wait = (_published ??= NewSource()).Task;
        }

        return AwaitOutcomeAsync(wait, cancellationToken);
    }

    /// <summary>As <see cref="WhenPublishedAsync"/>, until the flight has ended.</summary>
    public ValueTask<FlightOutcome<TResult>> WhenEndedAsync(CancellationToken cancellationToken)
    {
        Task wait;
        lock (_lock)
        {
            if (_state >= FlightState.Complete)
            {
                return new(OutcomeUnderLock());
            }

            wait = (_ended ??= NewSource()).Task;
        }

        return AwaitOutcomeAsync(wait, cancellationToken);
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async ValueTask<FlightOutcome<TResult>> AwaitOutcomeAsync(Task wait, CancellationToken cancellationToken)
    {
        await SignalWait.UntilAsync(wait, cancellationToken).ConfigureAwait(true);
        lock (_lock)
        {
            return OutcomeUnderLock();
        }
    }

    private FlightOutcome<TResult> OutcomeUnderLock() => new(_state, _result, _error);

    private async Task RunAsync(Func<Flight<TKey, TResult>, CancellationToken, Task> fetch, CancellationToken deserted)
    {
        try
        {
            await fetch(this, deserted).ConfigureAwait(true);
            End(FlightState.Abandoned);
        }
        catch (OperationCanceledException) when (deserted.IsCancellationRequested)
        {
            End(FlightState.Cancelled);
        }
#pragma warning disable CA1031 // Whatever the fetch throws is the outcome of everyone who waits; there is nobody above to catch it.
        catch (Exception error)
#pragma warning restore CA1031
        {
            End(FlightState.Failed, default, error);
        }
    }

    /// <summary>Keeps the time beside the token that a started fetch needs anyway: flights that are only claimed have no room for it.</summary>
    private sealed class StartedSource(long startedAt) : CancellationTokenSource
    {
        public long StartedAt { get; } = startedAt;
    }
}
