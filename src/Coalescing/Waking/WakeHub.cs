namespace S3Proxy.Coalescing.Waking;

/// <summary>
/// Who waits for what in this process, and when each must look again. Wakes come from any transport; a due time of its own makes each wait independent of it
/// (requirements W2, W3, W5, W6, W9).
/// </summary>
/// <remarks>
/// Thread-safe. From its registration on no token loses a wake: it ends the wait, or is remembered for the next. All waits share one timer. One lock protects the
/// hub and its tokens; callers hear of the end of their waits after it is released.
/// </remarks>
/// <typeparam name="TKey">What is waited for; compared by value.</typeparam>
public sealed partial class WakeHub<TKey> : IDisposable
    where TKey : notnull, IEquatable<TKey>
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, KeyTokens<TKey>> _keys = [];
    private readonly long[] _wakes = new long[Enum.GetValues<WakeReason>().Length];
    private readonly WakeHubOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly WakeObserver? _observer;
    private int _registered;
    private int _waiting;
    private bool _isDisposed;

    /// <summary>Makes a hub where nobody waits.</summary>
    /// <param name="options">Fallback and jitter.</param>
    /// <param name="timeProvider">The only clock used.</param>
    /// <param name="observer">Hears of every wake; null for nobody.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public WakeHub(WakeHubOptions options, TimeProvider timeProvider, WakeObserver? observer = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        options.Validate();
        _options = options;
        _timeProvider = timeProvider;
        _observer = observer;
        _schedule = new FallbackSchedule(options.Fallback);
        _madeAt = timeProvider.GetTimestamp();
        using AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        _timer = timeProvider.CreateTimer(static hub => ((WakeHub<TKey>)hub!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Tokens that have not left.</summary>
    public int RegisteredCount => Volatile.Read(ref _registered);

    /// <summary>Tokens that wait.</summary>
    public int WaitingCount => Volatile.Read(ref _waiting);

    /// <summary>Waits ended so far for <paramref name="reason"/>.</summary>
    public long CountOf(WakeReason reason) => Volatile.Read(ref _wakes[(int)reason]);

    /// <summary>Joins those who wait for <paramref name="key"/>. Do this before checking: a wake that comes between check and wait is remembered.</summary>
    /// <exception cref="ObjectDisposedException">The hub is disposed of.</exception>
    public WakeToken<TKey> Register(TKey key)
    {
        WakeToken<TKey> token = new(this, key);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_keys.TryGetValue(key, out KeyTokens<TKey>? tokens))
            {
                tokens = new KeyTokens<TKey>();
                _keys.Add(key, tokens);
            }

            tokens.Add(token);
            _registered++;
        }

        return token;
    }

    /// <summary>
    /// Wakes those who wait for <paramref name="key"/>: one heir for <see cref="WakeReason.LeaderFailed"/> and <see cref="WakeReason.LeaseExpired"/>, everyone for the
    /// other reasons. Tokens that do not wait at the moment remember it.
    /// </summary>
    /// <returns>Tokens reached; with 0 the wake is gone.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reason"/> is <see cref="WakeReason.Due"/> or none.</exception>
    public int Wake(TKey key, WakeReason reason)
    {
        RefuseOwn(reason);
        int reached;
        EndedWaits<TKey> ended = default;
        lock (_lock)
        {
            reached = _keys.TryGetValue(key, out KeyTokens<TKey>? tokens) ? WakeUnderLock(tokens, reason, ref ended) : 0;
        }

        Settle(ended);
        return reached;
    }

    /// <summary>As <see cref="Wake"/>, for every key: one heir of each, or everyone.</summary>
    /// <returns>Tokens reached.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reason"/> is <see cref="WakeReason.Due"/> or none.</exception>
    public int WakeAll(WakeReason reason)
    {
        RefuseOwn(reason);
        int reached = 0;
        EndedWaits<TKey> ended = default;
        lock (_lock)
        {
            foreach (KeyTokens<TKey> tokens in _keys.Values)
            {
                reached += WakeUnderLock(tokens, reason, ref ended);
            }
        }

        Settle(ended);
        return reached;
    }

    /// <summary>Ends all waits with <see cref="ObjectDisposedException"/>. Tokens may still be disposed of.</summary>
    public void Dispose()
    {
        EndedWaits<TKey> ended = default;
        lock (_lock)
        {
            _isDisposed = true;
            _timer.Dispose();
            foreach (KeyTokens<TKey> tokens in _keys.Values)
            {
                for (WakeToken<TKey>? token = tokens.First; token is not null; token = token.NextOfKey)
                {
                    if (token.Phase == WaitPhase.Waiting)
                    {
                        FailUnderLock(token, Left(), ref ended);
                    }
                }
            }
        }

        Settle(ended);
    }

    internal void Accept(WakeToken<TKey> token)
    {
        lock (_lock)
        {
            // While its caller has yet to hear how the wait ended, what it found is older than that.
            if (token.Phase == WaitPhase.Idle)
            {
                token.Owed = null;
                token.HasAccepted = true;
            }
        }
    }

    internal void Remove(WakeToken<TKey> token)
    {
        EndedWaits<TKey> ended = default;
        lock (_lock)
        {
            if (token.HasLeft)
            {
                return;
            }

            token.HasLeft = true;
            _registered--;
            if (token.Phase == WaitPhase.Waiting)
            {
                FailUnderLock(token, Left(), ref ended);
            }

            KeyTokens<TKey> tokens = _keys[token.Key];
            tokens.Remove(token);
            if (tokens.First is null)
            {
                _keys.Remove(token.Key);
            }
            else if ((token.Owed ?? token.RememberedAsHeir) is { } heirless)
            {
                WakeUnderLock(tokens, heirless, ref ended);
            }
        }

        Settle(ended);
    }

    private static bool IsForOneHeir(WakeReason reason) => reason is WakeReason.LeaderFailed or WakeReason.LeaseExpired;

    private static void RefuseOwn(WakeReason reason)
    {
        if (reason is not (WakeReason.Completed or WakeReason.Invalidated or WakeReason.HeardAgain) && !IsForOneHeir(reason))
        {
            throw new ArgumentOutOfRangeException(nameof(reason), reason, "A wake is for one heir or for everyone; only the hub says what is due.");
        }
    }

    private static ObjectDisposedException Left() => new(nameof(WakeToken<>), "The token, or its hub, was disposed of.");

    private int WakeUnderLock(KeyTokens<TKey> tokens, WakeReason reason, ref EndedWaits<TKey> ended)
    {
        if (IsForOneHeir(reason))
        {
            Inherit(tokens.Heir(), reason, ref ended);
            return 1;
        }

        int reached = 0;
        for (WakeToken<TKey>? token = tokens.First; token is not null; token = token.NextOfKey)
        {
            // Everyone looks now: nobody is left to whom an heir could owe a wake.
            token.Owed = null;
            token.RememberedAsHeir = null;
            if (token.Phase == WaitPhase.Waiting)
            {
                EndUnderLock(token, reason, ref ended);
            }
            else
            {
                token.Remembered = Stronger(token.Remembered, reason);
            }

            reached++;
        }

        return reached;
    }

    private void Inherit(WakeToken<TKey> heir, WakeReason reason, ref EndedWaits<TKey> ended)
    {
        if (heir.Phase == WaitPhase.Waiting)
        {
            heir.Owed = reason;
            EndUnderLock(heir, reason, ref ended);
        }
        else
        {
            // It may have looked before this: it must look once more.
            heir.RememberedAsHeir = reason;
        }
    }

    /// <summary>Of two wakes for everyone the one that says more: gone before there, there before perhaps.</summary>
    private static WakeReason Stronger(WakeReason? remembered, WakeReason reason) => (remembered, reason) switch
    {
        (WakeReason.Invalidated, _) or (_, WakeReason.Invalidated) => WakeReason.Invalidated,
        (WakeReason.Completed, _) or (_, WakeReason.Completed) => WakeReason.Completed,
        _ => reason,
    };
}
