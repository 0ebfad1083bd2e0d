using S3Proxy.Caching.Redis;

namespace S3Proxy.Fleet;

/// <content>The heartbeat: one turn after the other, each at most as long as the time between two.</content>
internal sealed partial class FleetMembership : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _beating = Task.CompletedTask;

    /// <summary>Begins to join. Does not wait for Redis: without it the replica serves by itself (requirement W8).</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _beating = BeatAsync();
        return Task.CompletedTask;
    }

    /// <summary>Leaves, so that nobody waits for this replica.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isLeaving = true;
            EndHearing("it leaves");
        }

        await _stopping.CancelAsync();
        await _beating;
        try
        {
            // Bounded by the time-out of commands; a host that has no time left still leaves.
            await _records.LeaveAsync(Replica, CancellationToken.None);
        }
        catch (Exception error) when (error is RedisUnavailableException or OperationCanceledException)
        {
            // The lease ends by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_stopping.IsCancellationRequested)
        {
            await _stopping.CancelAsync();
            await _beating;
        }

        _stopping.Dispose();
    }

    private async Task BeatAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            TaskCompletionSource wake = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _wake, wake);
            long began = _timeProvider.GetTimestamp();
            await TurnAsync();
            TimeSpan pause = _options.Heartbeat - _timeProvider.GetElapsedTime(began);
            if (pause > TimeSpan.Zero)
            {
                await PauseAsync(wake.Task, pause);
            }
        }
    }

    private void Wake() => Volatile.Read(ref _wake).TrySetResult();

    private async Task PauseAsync(Task woken, TimeSpan time)
    {
        try
        {
            await woken.WaitAsync(time, _timeProvider, _stopping.Token);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            // As planned.
        }
    }

    private async Task TurnAsync()
    {
        try
        {
            await RenewAsync(_stopping.Token);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Leaves.
        }
        catch (RedisUnavailableException)
        {
            // What is left of the lease counts; a lost link ends it by itself.
            Reached(false);
        }
#pragma warning disable CA1031 // The heartbeat must go on, or the replica never hears again.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Log.Unexpected(_logger, error);
        }
    }

    private async ValueTask RenewAsync(CancellationToken cancellationToken)
    {
        long gap;
        string incarnation;
        lock (_lock)
        {
            gap = _gap;
            incarnation = _incarnation;
            if (!_isLinkUp)
            {
                return;
            }
        }

        await _channel.SubscribeAsync(cancellationToken);
        long sentAt = _timeProvider.GetTimestamp();
        await _channel.SendAsync(Replica, FleetMessageKind.Ping, NewPing(out Task<bool> received), cancellationToken);
        if (!await IsReceivedAsync(received, cancellationToken))
        {
            lock (_lock)
            {
                EndHearing("its own message did not come back");
            }

            return;
        }

        long until = After(sentAt, _options.Lease - _options.Margin);
        bool wasHearing = _hearing.IsHearing;
        MemberRecords.Renewal? renewal = wasHearing ? await _records.RenewAsync(Replica, joins: false, incarnation, _scopes.Generation, cancellationToken) : null;
        Reached(true);
        if (renewal is not null)
        {
            Learn(renewal);
            lock (_lock)
            {
                if (gap != _gap || _hearing.TryExtend(until))
                {
                    return;
                }
            }
        }

        await JoinAsync(gap, wasHearing, until, cancellationToken);
    }

    /// <summary>Joins, and begins to hear if nothing came between. What was learnt before is not trusted.</summary>
    private async ValueTask JoinAsync(long gap, bool wasHearing, long until, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (gap != _gap)
            {
                return;
            }

            if (wasHearing)
            {
                EndHearing("Redis does not know it any more");
                gap = _gap;
            }
        }

        MemberRecords.Renewal renewal = await _records.RenewAsync(Replica, joins: true, "", 0, cancellationToken) ?? throw new RedisUnavailableException("Redis refused to let the replica join.");
        ForgottenFor(renewal.Incarnation);
        Learn(renewal);
        await _catchUp(cancellationToken);
        Action[] handlers;
        lock (_lock)
        {
            if (gap != _gap || _timeProvider.GetTimestamp() >= until)
            {
                return;
            }

            // Whatever is admitted from now on was asked for after the replica had joined: earlier fetches are barred first.
            _incarnation = renewal.Incarnation;
            _forgetAll();
            _hearing.Begin(_timeProvider.GetTimestamp() + 1, until);
            handlers = [.. _heardAgain];
        }

        Log.Joined(_logger, Replica, renewal.Members.Length);
        foreach (Action handler in handlers)
        {
            handler();
        }
    }

    private async ValueTask<bool> IsReceivedAsync(Task<bool> received, CancellationToken cancellationToken)
    {
        try
        {
            return await received.WaitAsync(_options.Heartbeat, _timeProvider, cancellationToken);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Learn(MemberRecords.Renewal renewal)
    {
        _scopes.Add(renewal.Purges);
        _scopes.Advance(renewal.Generation);
        Action<string>[] handlers;
        lock (_lock)
        {
            handlers = [.. _memberLost];
        }

        foreach (string lost in _view.Update(renewal.Members.Select(member => member.Replica)))
        {
            foreach (Action<string> handler in handlers)
            {
                handler(lost);
            }
        }
    }
}
