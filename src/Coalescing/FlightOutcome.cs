namespace S3Proxy.Coalescing;

/// <summary>
/// How a flight stands for one participant: the state at which the wait ended, the published result if there is one, and the error
/// of a failed flight. Immutable.
/// </summary>
/// <typeparam name="TResult">What the fetch publishes.</typeparam>
/// <param name="State">
/// <see cref="FlightState.Streaming"/> or <see cref="FlightState.Complete"/> when <paramref name="Result"/> is set, else a state that
/// says why there is none.
/// </param>
/// <param name="Result">What the leader published; default when it published nothing.</param>
/// <param name="Error">Why the fetch failed; null unless <paramref name="State"/> is <see cref="FlightState.Failed"/>.</param>
public readonly record struct FlightOutcome<TResult>(FlightState State, TResult? Result, Exception? Error)
{
    /// <summary>True when <see cref="Result"/> may be used.</summary>
    public bool HasResult => State is FlightState.Streaming or FlightState.Complete;

    /// <summary>
    /// True when this flight said nothing about the resource: it ended because of its other participants, and whoever still wants the
    /// resource acquires again.
    /// </summary>
    public bool IsInconclusive => State is FlightState.Cancelled or FlightState.Abandoned;
}
