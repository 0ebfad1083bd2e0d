using S3Proxy.Caching.Redis;

namespace S3Proxy.Fleet;

/// <content>What goes on beside writes: intents of long ones are renewed, and what Redis could not be told is told when it is back.</content>
internal sealed partial class FleetInvalidation
{
    /// <summary>The timer's: one renewal at a time; one that lasts longer than the interval lets the next out.</summary>
    private void Renew()
    {
        if (_renewing.IsCompleted && !_stopping.IsCancellationRequested)
        {
            _renewing = RenewAllAsync();
        }
    }

    private async Task RenewAllAsync()
    {
        foreach (FleetWrite write in _writes.Values)
        {
            try
            {
                if (!await _objects.RenewAsync(write.Objects, write.Id, _stopping.Token))
                {
                    write.WasForgotten = true;
                }
            }
            catch (RedisUnavailableException)
            {
                // The intent may end before the write does.
                write.WasForgotten = true;
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (!_writes.ContainsKey(write.Id))
            {
                await TakeBackAsync(write);
            }
            else
            {
                await TellQuietlyAsync(NoticesOf(write.Objects, notice => notice with { Write = write.Id, LifeMilliseconds = LifeMilliseconds }));
            }
        }
    }

    /// <summary>The write has ended while its intent was renewed, which may have brought it back.</summary>
    private async Task TakeBackAsync(FleetWrite write)
    {
        try
        {
            await _objects.EndAsync(write.Objects, write.Id, TimeSpan.Zero, _stopping.Token);
        }
        catch (Exception error) when (error is RedisUnavailableException or OperationCanceledException)
        {
            // It ends by itself.
        }
    }

    /// <summary>Before this replica hears again, and so before it looks in Redis for what it has written itself.</summary>
    private async ValueTask ReplayAsync(CancellationToken cancellationToken)
    {
        int told = 0;
        while (_journal.TakeScope() is { } scope)
        {
            bool isTold = false;
            try
            {
                await TellPurgeAsync(scope, isUnknown: false, dropSlices: false, cancellationToken);
                isTold = true;
                told++;
            }
            finally
            {
                if (!isTold)
                {
                    _journal.Add(scope);
                }
            }
        }

        while (_journal.TakeObjects(NoticeObjects) is ({ Length: > 0 } objects, var isUnknown))
        {
            bool isTold = false;
            try
            {
                await TellPurgeAsync(objects, isUnknown, dropSlices: false, cancellationToken);
                isTold = true;
                told += objects.Length;
            }
            finally
            {
                if (!isTold)
                {
                    _journal.Add(objects, isUnknown);
                }
            }
        }

        if (told > 0)
        {
            Log.JournalReplayed(_logger, told);
        }
    }
}
