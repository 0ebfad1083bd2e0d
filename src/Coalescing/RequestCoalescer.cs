using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace S3Proxy.Coalescing;

/// <summary>
/// Makes one fetch out of many concurrent requests for the same thing: the first to acquire a key leads its flight, everyone else joins it
/// until it ends. Different keys never wait for one another.
/// </summary>
/// <remarks>
/// Thread-safe. The table is striped; a claim takes one stripe, a join none, and no lock is held while anything is called or awaited.
/// </remarks>
/// <typeparam name="TKey">What is fetched; compared by value.</typeparam>
/// <typeparam name="TResult">What a fetch publishes.</typeparam>
public sealed class RequestCoalescer<TKey, TResult>
    where TKey : notnull, IEquatable<TKey>
{
    private readonly ConcurrentDictionary<TKey, Flight<TKey, TResult>> _flights = new();
    private readonly FlightObserver<TKey>? _observer;
    private int _inFlight;
    private int _lingering;

    /// <summary>Makes an empty coalescer.</summary>
    /// <param name="options">Grace and linger bounds.</param>
    /// <param name="timeProvider">The only clock used.</param>
    /// <param name="observer">Hears of every flight; null for nobody.</param>
    public RequestCoalescer(CoalescerOptions options, TimeProvider timeProvider, FlightObserver<TKey>? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        Options = options;
        TimeProvider = timeProvider;
        _observer = observer;
    }

    /// <summary>Flights that have not ended. Lingering outcomes do not count.</summary>
    public int InFlightCount => Volatile.Read(ref _inFlight);

    /// <summary>Ended flights that can still be joined.</summary>
    public int LingeringCount => Volatile.Read(ref _lingering);

    /// <summary>
    /// Flights that have not ended, for those who watch: each at some moment of the enumeration. Those that begin or end meanwhile may be missed.
    /// </summary>
    public IEnumerable<Flight<TKey, TResult>> InFlight => _flights.Select(entry => entry.Value).Where(flight => flight.State < FlightState.Complete);

    internal CoalescerOptions Options { get; }

    internal TimeProvider TimeProvider { get; }

    /// <summary>
    /// Joins the flight of <paramref name="key"/> or, when there is none that can be joined, makes one and leads it. Never waits.
    /// After leading, look into the cache once more before fetching: the last flight may have filled it just before.
    /// </summary>
    public CoalescingGuard<TKey, TResult> Acquire(TKey key)
    {
        Flight<TKey, TResult>? created = null;
        while (true)
        {
            if (_flights.TryGetValue(key, out Flight<TKey, TResult>? flight))
            {
                if (flight.TryJoin(out int ticket, out int participants))
                {
                    _observer?.OnJoined(key, participants);
                    return new(flight, ticket);
                }

                created ??= new(key, this);
                if (_flights.TryUpdate(key, created, flight))
                {
                    return Lead(created);
                }
            }
            else
            {
                created ??= new(key, this);
                if (_flights.TryAdd(key, created))
                {
                    return Lead(created);
                }
            }
        }
    }

    /// <summary>Joins the flight of <paramref name="key"/> as a follower; false when there is none to join.</summary>
    public bool TryJoin(TKey key, out CoalescingGuard<TKey, TResult> guard)
    {
        if (_flights.TryGetValue(key, out Flight<TKey, TResult>? flight) && flight.TryJoin(out int ticket, out int participants))
        {
            _observer?.OnJoined(key, participants);
            guard = new(flight, ticket);
            return true;
        }

        guard = default;
        return false;
    }

    /// <summary>True when a flight of <paramref name="key"/> is in the table, running or lingering. It may be gone the next moment.</summary>
    public bool IsInFlight(TKey key) => _flights.ContainsKey(key);

    /// <summary>
    /// Makes a flight that nobody can find: for requests that must not share. The guard leads it.
    /// </summary>
    public CoalescingGuard<TKey, TResult> AcquireAlone(TKey key)
    {
        Flight<TKey, TResult> flight = new(key, this);
        CoalescingGuard<TKey, TResult> guard = Lead(flight);
        flight.Detach();
        return guard;
    }

    /// <summary>
    /// Takes the flight of <paramref name="key"/>, running or lingering, out of the table. Its participants keep it; whoever acquires the
    /// key from now on starts afresh.
    /// </summary>
    public void Detach(TKey key)
    {
        if (_flights.TryGetValue(key, out Flight<TKey, TResult>? flight))
        {
            flight.Detach();
        }
    }

    /// <summary>Takes the outcome that lingers under <paramref name="key"/> out of the table; a flight that runs stays.</summary>
    public void DetachEnded(TKey key)
    {
        if (_flights.TryGetValue(key, out Flight<TKey, TResult>? flight) && flight.State >= FlightState.Complete)
        {
            flight.Detach();
        }
    }

    /// <summary>
    /// As <see cref="Detach(TKey)"/>, for every key that is <paramref name="concerned"/>. Looks at all flights that were there when it was called; those made
    /// meanwhile may be missed.
    /// </summary>
    public void Detach(Func<TKey, bool> concerned)
    {
        ArgumentNullException.ThrowIfNull(concerned);
        foreach ((TKey key, Flight<TKey, TResult> flight) in _flights)
        {
            if (concerned(key))
            {
                flight.Detach();
            }
        }
    }

    /// <summary>Ends every flight as cancelled, for shutdown. Flights made meanwhile may be missed; stop the callers first.</summary>
    [SuppressMessage("Design", "CA1024:Use properties where appropriate", Justification = "It acts.")]
    public void CancelAll()
    {
        foreach (KeyValuePair<TKey, Flight<TKey, TResult>> entry in _flights)
        {
            entry.Value.End(FlightState.Cancelled);
            entry.Value.Detach();
        }
    }

    internal void CountEnded() => Interlocked.Decrement(ref _inFlight);

    internal void OnEnded(Flight<TKey, TResult> flight, FlightState state) => _observer?.OnEnded(flight.Key, state);

    internal void Remove(Flight<TKey, TResult> flight) =>
        _flights.TryRemove(new KeyValuePair<TKey, Flight<TKey, TResult>>(flight.Key, flight));

    internal bool TryEnterLinger()
    {
        if (Interlocked.Increment(ref _lingering) <= Options.MaxLingering)
        {
            return true;
        }

        Interlocked.Decrement(ref _lingering);
        return false;
    }

    internal void LeaveLinger() => Interlocked.Decrement(ref _lingering);

    private CoalescingGuard<TKey, TResult> Lead(Flight<TKey, TResult> flight)
    {
        Interlocked.Increment(ref _inFlight);
        _observer?.OnCreated(flight.Key);
        return new(flight, Flight<TKey, TResult>.LeaderTicket);
    }
}
