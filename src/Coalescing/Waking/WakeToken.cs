using System.Threading.Tasks.Sources;

namespace S3Proxy.Coalescing.Waking;

/// <summary>
/// One who waits for a key. Register it before checking whether there is anything to wait for: from then on it remembers a wake that comes before the wait.
/// </summary>
/// <remarks>
/// One wait at a time, of any number; the other members may be called from any thread. The hub's lock protects the fields.
/// </remarks>
/// <typeparam name="TKey">What is waited for.</typeparam>
public sealed class WakeToken<TKey> : IDisposable, IValueTaskSource<WakeReason>
    where TKey : notnull, IEquatable<TKey>
{
    private readonly WakeHub<TKey> _hub;
    private ManualResetValueTaskSourceCore<WakeReason> _core;
    private volatile WaitPhase _phase;

    internal WakeToken(WakeHub<TKey> hub, TKey key)
    {
        _hub = hub;
        Key = key;

        // Who waits goes on where it began to wait, never inside the wake that tells others too.
        _core.RunContinuationsAsynchronously = true;
    }

    /// <summary>What is waited for.</summary>
    public TKey Key { get; }

    internal WaitPhase Phase
    {
        get => _phase;
        set => _phase = value;
    }

    /// <summary>True once it has been disposed of.</summary>
    internal bool HasLeft { get; set; }

    /// <summary>A wake for everyone that came while there was no wait.</summary>
    internal WakeReason? Remembered { get; set; }

    /// <summary>A wake for one heir that came while there was no wait.</summary>
    internal WakeReason? RememberedAsHeir { get; set; }

    /// <summary>A wake for one heir that ended a wait, and that nobody has looked after yet.</summary>
    internal WakeReason? Owed { get; set; }

    /// <summary>It has looked since its last wait.</summary>
    internal bool HasAccepted { get; set; }

    /// <summary>Its last wait ended because it was due.</summary>
    internal bool WasDue { get; set; }

    /// <summary>Waits in a row that ended because they were due.</summary>
    internal int Looks { get; set; }

    /// <summary>Timestamp at which its wait ends; means nothing while it is in no heap.</summary>
    internal long DueAt { get; set; }

    /// <summary>The reason it hears then.</summary>
    internal WakeReason DueReason { get; set; }

    /// <summary>Number of its wait among all of the hub.</summary>
    internal long WaitNumber { get; set; }

    internal int HeapPlace { get; set; } = DueHeap<TKey>.Nowhere;

    internal CancellationToken Cancellation { get; set; }

    internal CancellationTokenRegistration CancellationRegistration { get; set; }

    internal WakeToken<TKey>? PreviousOfKey { get; set; }

    internal WakeToken<TKey>? NextOfKey { get; set; }

    /// <summary>Links the tokens whose waits one call has ended.</summary>
    internal WakeToken<TKey>? NextEnded { get; set; }

    /// <summary>How its wait ended; null for <see cref="EndError"/>.</summary>
    internal WakeReason? EndReason { get; set; }

    internal Exception? EndError { get; set; }

    /// <summary>
    /// Waits for a wake, for <paramref name="atMost"/>. Ends at once when a wake has come since the last wait. Waiting again says that the look after the last wake
    /// is over, as <see cref="Accept"/> does.
    /// </summary>
    /// <param name="atMost">Zero or more, or <see cref="Timeout.InfiniteTimeSpan"/>. Exact: no jitter is taken off.</param>
    /// <param name="cancellationToken">Ends this wait alone; the token stays registered and goes on to remember wakes.</param>
    /// <returns>Why the wait ended. To be awaited once, before the next wait.</returns>
    /// <exception cref="ObjectDisposedException">The token or the hub is disposed of, now or during the wait.</exception>
    /// <exception cref="InvalidOperationException">The last wait is not over.</exception>
    public ValueTask<WakeReason> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _hub.WaitAsync(this, atMost, cancellationToken);

    /// <summary>
    /// Says that this token has taken the lead, or has looked and found that there is nothing to take over. Without it, an heir that is disposed of passes its wake on
    /// to the next. No effect while a wait goes on.
    /// </summary>
    public void Accept() => _hub.Accept(this);

    /// <summary>How long to wait before looking without a wake: by the hub's <see cref="FallbackSchedule"/>, less the jitter.</summary>
    public TimeSpan NextLook() => _hub.NextLook(this);

    /// <summary>
    /// Says that the look after a wait that was <see cref="WakeReason.Due"/> found something of which a wake should have told. The hub counts it and goes into degraded
    /// mode.
    /// </summary>
    /// <returns>False, with no effect, when the last wait was not due, or the wake has come meanwhile: it was late and not missed.</returns>
    public bool ReportMissed() => _hub.ReportMissed(this);

    /// <summary>Leaves, and takes nobody else along. A wait that goes on ends with <see cref="ObjectDisposedException"/>. Idempotent.</summary>
    public void Dispose() => _hub.Remove(this);

    WakeReason IValueTaskSource<WakeReason>.GetResult(short token)
    {
        bool isOver = _core.GetStatus(token) != ValueTaskSourceStatus.Pending;
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            if (isOver)
            {
                Phase = WaitPhase.Idle;
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource<WakeReason>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<WakeReason>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    /// <summary>The wait's task, anew. Called while no wait goes on.</summary>
    internal ValueTask<WakeReason> Begin()
    {
        _core.Reset();
        return new ValueTask<WakeReason>(this, _core.Version);
    }

    internal void OnCancelled(CancellationToken cancellationToken) => _hub.Cancel(this, cancellationToken);

    /// <summary>Tells the caller how its wait ended. Called outside the lock.</summary>
    internal void Settle()
    {
        if (EndError is { } error)
        {
            EndError = null;
            _core.SetException(error);
        }
        else
        {
            _core.SetResult(EndReason!.Value);
        }
    }
}
