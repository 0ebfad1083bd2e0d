using System.Collections.Concurrent;
using System.Globalization;
using S3Proxy.Demo.Processes;

namespace S3Proxy.Demo.Coalescing;

/// <summary>Clients in a closed loop: each asks for the next key as soon as it has its answer, and compares every byte.</summary>
/// <param name="clients">Clients at once.</param>
/// <param name="expected">Bytes of every object.</param>
/// <param name="timeProvider">Times rounds and requests.</param>
internal sealed class CoalescingLoad(int clients, byte[] expected, TimeProvider timeProvider)
{
    private long _unique;

    /// <summary>Hot keys that all clients want, the first of them most.</summary>
    public static Func<Random, string> HotKeys(int count)
    {
        double[] cumulative = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            cumulative[i] = sum += 1.0 / (i + 1);
        }

        return random =>
        {
            int found = Array.BinarySearch(cumulative, random.NextDouble() * sum);
            return string.Create(CultureInfo.InvariantCulture, $"hot{(found < 0 ? ~found : found)}");
        };
    }

    /// <summary>A key that nobody asks for twice.</summary>
    public string UniqueKey(Random _) => string.Create(CultureInfo.InvariantCulture, $"once{Interlocked.Increment(ref _unique)}");

    /// <summary>Puts the load on a proxy for <paramref name="duration"/>.</summary>
    public async Task<RoundResult> RunAsync(ProxyProcess proxy, LimitedOrigin origin, Func<Random, string> nextKey, TimeSpan duration, CancellationToken cancellationToken)
    {
        using HttpClient client = new(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue, UseProxy = false }) { BaseAddress = proxy.Endpoint };
        ConcurrentBag<double> milliseconds = [];
        long wrong = 0;
        long asked = origin.Requests;
        TimeSpan cpu = proxy.ProcessorTime;
        long start = timeProvider.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async number =>
        {
            Random random = new(number);
            byte[] buffer = new byte[expected.Length + 1];
            while (timeProvider.GetElapsedTime(start) < duration)
            {
                long sent = timeProvider.GetTimestamp();
                if (await ReadAsync(client, nextKey(random), buffer, cancellationToken))
                {
                    milliseconds.Add(timeProvider.GetElapsedTime(sent).TotalMilliseconds);
                }
                else
                {
                    Interlocked.Increment(ref wrong);
                }
            }
        }));
        double[] sorted = [.. milliseconds.Order()];
        TimeSpan elapsed = timeProvider.GetElapsedTime(start);
        return new RoundResult(
            sorted.Length / elapsed.TotalSeconds,
            (proxy.ProcessorTime - cpu).TotalMicroseconds / Math.Max(1, sorted.Length),
            origin.Requests - asked,
            wrong,
            sorted.Length == 0 ? 0 : sorted[(int)(sorted.Length * 0.99)]);
    }

    private async Task<bool> ReadAsync(HttpClient client, string key, byte[] buffer, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await client.GetAsync("/bucket/" + key, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        int length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return response.IsSuccessStatusCode && buffer.AsSpan(0, length).SequenceEqual(expected);
    }
}
