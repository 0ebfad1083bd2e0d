namespace S3Proxy.Coalescing;

/// <summary>
/// One participation in a flight. Whoever holds it counts as a reader of the flight until it is disposed; disposing is idempotent, also
/// across copies, and never touches another participant or another flight under the same key.
/// </summary>
/// <remarks>
/// The holder of the one leader guard of a flight must call <see cref="Flight{TKey,TResult}.Start"/> or give an outcome. If it disposes the
/// guard without either, everyone who waits hears <see cref="FlightState.Abandoned"/>.
/// </remarks>
public readonly struct CoalescingGuard<TKey, TResult> : IDisposable, IEquatable<CoalescingGuard<TKey, TResult>>
    where TKey : notnull, IEquatable<TKey>
{
    private readonly int _ticket;

    internal CoalescingGuard(Flight<TKey, TResult> flight, int ticket)
    {
        Flight = flight;
        _ticket = ticket;
    }

    /// <summary>The flight this guard takes part in.</summary>
    public Flight<TKey, TResult> Flight { get; }

    /// <summary>True for the guard that made the flight. Every other guard is a follower.</summary>
    public bool IsLeader => _ticket == Flight<TKey, TResult>.LeaderTicket;

    /// <summary>Leaves the flight. Later calls, on this or a copy, do nothing.</summary>
    public void Dispose() => Flight?.Leave(_ticket);

    /// <summary>True when both guards are the same participation.</summary>
    public bool Equals(CoalescingGuard<TKey, TResult> other) => ReferenceEquals(Flight, other.Flight) && _ticket == other._ticket;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CoalescingGuard<TKey, TResult> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Flight, _ticket);

    /// <summary>See <see cref="Equals(CoalescingGuard{TKey,TResult})"/>.</summary>
    public static bool operator ==(CoalescingGuard<TKey, TResult> left, CoalescingGuard<TKey, TResult> right) => left.Equals(right);

    /// <summary>See <see cref="Equals(CoalescingGuard{TKey,TResult})"/>.</summary>
    public static bool operator !=(CoalescingGuard<TKey, TResult> left, CoalescingGuard<TKey, TResult> right) => !left.Equals(right);
}
