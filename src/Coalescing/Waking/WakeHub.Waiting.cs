namespace S3Proxy.Coalescing.Waking;

/// <summary>How waits begin and end.</summary>
public sealed partial class WakeHub<TKey>
{
    private long _lastWait;

    internal ValueTask<WakeReason> WaitAsync(WakeToken<TKey> token, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(atMost, TimeSpan.Zero);
        }

        // Outside the lock, since it may call back at once. That finds no wait to end; what it missed is seen under the lock.
        CancellationTokenRegistration registration = cancellationToken.CanBeCanceled
            ? cancellationToken.UnsafeRegister(static (token, cancelled) => ((WakeToken<TKey>)token!).OnCancelled(cancelled), token)
            : default;
        bool goesOn = false;
        WakeReason atOnce;
        try
        {
            lock (_lock)
            {
                RefuseWaitUnderLock(token);
                if (cancellationToken.IsCancellationRequested)
                {
                    return ValueTask.FromCanceled<WakeReason>(cancellationToken);
                }

                NoteLookUnderLock(token);
                if (TakeRemembered(token) is { } remembered)
                {
                    atOnce = remembered;
                }
                else if (atMost == TimeSpan.Zero)
                {
                    atOnce = WakeReason.Due;
                }
                else
                {
                    goesOn = true;
                    return BeginUnderLock(token, atMost, registration, cancellationToken);
                }

                NoteWokenUnderLock(token, atOnce);
            }
        }
        finally
        {
            if (!goesOn)
            {
                registration.Unregister();
            }
        }

        _observer?.OnWoken(atOnce);
        return ValueTask.FromResult(atOnce);
    }

    /// <summary>Ends a wait that began with <paramref name="cancellationToken"/>, if it still goes on.</summary>
    internal void Cancel(WakeToken<TKey> token, CancellationToken cancellationToken)
    {
        EndedWaits<TKey> ended = default;
        lock (_lock)
        {
            // A late call back of an earlier wait finds another token here, or the same one, which means this wait too.
            if (token.Phase == WaitPhase.Waiting && token.Cancellation == cancellationToken)
            {
                FailUnderLock(token, new OperationCanceledException(cancellationToken), ref ended);
            }
        }

        Settle(ended);
    }

    private static WakeReason? TakeRemembered(WakeToken<TKey> token)
    {
        WakeReason? reason = token.Remembered ?? token.RememberedAsHeir;
        token.Owed = token.RememberedAsHeir;
        token.Remembered = null;
        token.RememberedAsHeir = null;
        return reason;
    }

    private void RefuseWaitUnderLock(WakeToken<TKey> token)
    {
        ObjectDisposedException.ThrowIf(token.HasLeft || _isDisposed, token);
        if (token.Phase != WaitPhase.Idle)
        {
            throw new InvalidOperationException("A token has one wait at a time, and each must be awaited before the next.");
        }
    }

    /// <summary>Who waits again has looked.</summary>
    private void NoteLookUnderLock(WakeToken<TKey> token)
    {
        token.Owed = null;
        token.HasAccepted = false;
        if (token.WasDue)
        {
            token.WasDue = false;
            _schedule = _schedule.CleanCheck();
        }
    }

    private void NoteWokenUnderLock(WakeToken<TKey> token, WakeReason reason)
    {
        token.WasDue = reason == WakeReason.Due;
        token.Looks = token.WasDue ? token.Looks + 1 : 0;
        _wakes[(int)reason]++;
    }

    private ValueTask<WakeReason> BeginUnderLock(WakeToken<TKey> token, TimeSpan atMost, CancellationTokenRegistration registration, CancellationToken cancellationToken)
    {
        ValueTask<WakeReason> wait = token.Begin();
        token.Phase = WaitPhase.Waiting;
        token.Cancellation = cancellationToken;
        token.CancellationRegistration = registration;
        token.WaitNumber = ++_lastWait;
        _waiting++;
        if (atMost != Timeout.InfiniteTimeSpan)
        {
            ScheduleUnderLock(token, DueIn(atMost), WakeReason.Due);
        }

        return wait;
    }

    private void EndUnderLock(WakeToken<TKey> token, WakeReason reason, ref EndedWaits<TKey> ended)
    {
        token.EndReason = reason;
        NoteWokenUnderLock(token, reason);
        LeaveWaitUnderLock(token, ref ended);
    }

    private void FailUnderLock(WakeToken<TKey> token, Exception error, ref EndedWaits<TKey> ended)
    {
        token.EndError = error;
        LeaveWaitUnderLock(token, ref ended);
    }

    private void LeaveWaitUnderLock(WakeToken<TKey> token, ref EndedWaits<TKey> ended)
    {
        token.Phase = WaitPhase.Ended;
        _due.Remove(token);
        _waiting--;

        // Not Dispose, which would wait for a call back that may itself wait for the lock.
        token.CancellationRegistration.Unregister();
        token.CancellationRegistration = default;
        token.Cancellation = default;
        ended.Add(token);
    }

    /// <summary>Tells the callers, outside the lock.</summary>
    private void Settle(EndedWaits<TKey> ended)
    {
        WakeToken<TKey>? token = ended.First;
        while (token is not null)
        {
            // Once it is told, the token may wait again and be linked anew.
            WakeToken<TKey>? next = token.NextEnded;
            WakeReason? reason = token.EndError is null ? token.EndReason : null;
            token.NextEnded = null;
            token.Settle();
            if (reason is { } woken)
            {
                _observer?.OnWoken(woken);
            }

            token = next;
        }
    }
}
