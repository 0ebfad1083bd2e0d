using System.Collections.Concurrent;
using S3Proxy.Caching.Redis;

namespace S3Proxy.Fleet.Leases;

/// <summary>
/// Leases of objects that Redis may have given this replica by an answer that did not come. They are given back as soon as Redis answers: until then others wait for a replica that
/// does not ask. Thread-safe.
/// </summary>
/// <param name="release">Gives back what this replica has of an object. To give back a lease that another flight here was given meanwhile costs a request, no more.</param>
/// <param name="timeProvider">The only clock used.</param>
internal sealed class DoubtfulLeases(Func<string, ValueTask> release, TimeProvider timeProvider)
{
    /// <summary>Beyond, they end as others do: with the membership, or the patience of those who wait.</summary>
    private const int MaxTags = 4_096;

    private const int MaxTries = 30;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, byte> _tags = new(StringComparer.Ordinal);
    private int _isReleasing;

    /// <summary>A lookup of the object <paramref name="tag"/> was not answered.</summary>
    public void Add(string tag)
    {
        if (_tags.Count < MaxTags)
        {
            _tags[tag] = 0;
        }

        if (Interlocked.Exchange(ref _isReleasing, 1) == 0)
        {
            _ = ReleaseAllAsync();
        }
    }

    private async Task ReleaseAllAsync()
    {
        do
        {
            await TryAllAsync();

            // What Redis has not answered for in so many tries ends by itself. What comes from now on begins anew.
            Volatile.Write(ref _isReleasing, 0);
        }
        while (!_tags.IsEmpty && Interlocked.Exchange(ref _isReleasing, 1) == 0);
    }

    private async Task TryAllAsync()
    {
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            // At once too: on the connection that is only slow it comes behind the lookup.
            if (attempt > 0)
            {
                await Task.Delay(Pause, timeProvider);
            }

            if (await TryReleaseAsync())
            {
                return;
            }
        }

        _tags.Clear();
    }

    private async Task<bool> TryReleaseAsync()
    {
        try
        {
            foreach (string tag in _tags.Keys)
            {
                await release(tag);
                _tags.TryRemove(tag, out _);
            }

            return true;
        }
        catch (RedisUnavailableException)
        {
            // Tried again in a moment.
            return false;
        }
    }
}
