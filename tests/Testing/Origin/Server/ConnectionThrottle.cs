using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace S3Proxy.Testing.Origin.Server;

/// <summary>
/// Paces one connection: bytes may leave when the time that all bytes before them take at the rate has passed. Idle time is not saved up. Belongs to
/// a connection, whose requests come one after another; not thread-safe.
/// </summary>
internal sealed class ConnectionThrottle(TimeProvider timeProvider)
{
    private static readonly object ItemKey = new();

    private long _freeAtTimestamp;

    public static ConnectionThrottle Of(HttpContext http, TimeProvider timeProvider)
    {
        IDictionary<object, object?> items = http.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        if (items.TryGetValue(ItemKey, out object? known))
        {
            return (ConnectionThrottle)known!;
        }

        ConnectionThrottle throttle = new(timeProvider);
        items[ItemKey] = throttle;
        return throttle;
    }

    /// <summary>Waits until <paramref name="count"/> more bytes have had their time at <paramref name="bytesPerSecond"/>.</summary>
    public async ValueTask PayAsync(int count, long bytesPerSecond, CancellationToken cancellationToken)
    {
        long now = timeProvider.GetTimestamp();
        long cost = (long)((double)count * timeProvider.TimestampFrequency / bytesPerSecond);
        _freeAtTimestamp = Math.Max(_freeAtTimestamp, now) + cost;
        TimeSpan wait = timeProvider.GetElapsedTime(now, _freeAtTimestamp);

        // A system timer knows milliseconds; what it would round away is paid with the next piece.
        if (wait >= TimeSpan.FromMilliseconds(1))
        {
            await Task.Delay(wait, timeProvider, cancellationToken);
        }
    }
}
