using System.Collections.Concurrent;
using System.Globalization;

namespace S3Proxy.Demo.Coalescing;

/// <summary>Clients of one proxy, each asking for keys that nobody else wants, so that every request takes a turn at the origin.</summary>
internal sealed class FairnessLoad(Uri proxy, int bodyBytes, TimeProvider timeProvider)
{
    private long _key;
    private long _wrong;

    /// <summary>Answers that were not what was asked for.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

    /// <summary>Lets each client keep so many requests open; gives the right answers of each.</summary>
    public async Task<int[]> SaturateAsync(int[] openRequests, TimeSpan duration, CancellationToken cancellationToken)
    {
        int[] answers = new int[openRequests.Length];
        await EachAsync(openRequests.Length, async (client, number) =>
        {
            long start = timeProvider.GetTimestamp();
            await Task.WhenAll(Enumerable.Range(0, openRequests[number]).Select(async _ =>
            {
                while (timeProvider.GetElapsedTime(start) < duration)
                {
                    await ReadAsync(client, cancellationToken);
                    if (timeProvider.GetElapsedTime(start) < duration)
                    {
                        Interlocked.Increment(ref answers[number]);
                    }
                }
            }));
        });
        return answers;
    }

    /// <summary>Lets polite clients ask now and then, beside a greedy one with so many open requests (0: none); gives the sorted times of the polite ones, in ms.</summary>
    public async Task<double[]> PoliteAsync(int politeClients, int greedyRequests, TimeSpan think, TimeSpan duration, CancellationToken cancellationToken)
    {
        ConcurrentBag<double> times = [];
        await EachAsync(politeClients + 1, async (client, number) =>
        {
            long start = timeProvider.GetTimestamp();
            if (number == politeClients)
            {
                await Task.WhenAll(Enumerable.Range(0, greedyRequests).Select(async _ =>
                {
                    while (timeProvider.GetElapsedTime(start) < duration)
                    {
                        await ReadAsync(client, cancellationToken);
                    }
                }));
                return;
            }

            Random random = new(number);
            while (timeProvider.GetElapsedTime(start) < duration)
            {
                await Task.Delay(think * (0.5 + random.NextDouble()), timeProvider, cancellationToken);
                long sent = timeProvider.GetTimestamp();
                await ReadAsync(client, cancellationToken);
                times.Add(timeProvider.GetElapsedTime(sent).TotalMilliseconds);
            }
        });
        return [.. times.Order()];
    }

    private async Task EachAsync(int count, Func<AddressedClient, int, Task> run)
    {
        AddressedClient[] clients = [.. Enumerable.Range(0, count).Select(number => new AddressedClient(proxy, number + 1))];
        try
        {
            await Task.WhenAll(clients.Select(run));
        }
        finally
        {
            foreach (AddressedClient client in clients)
            {
                client.Dispose();
            }
        }
    }

    private async Task ReadAsync(AddressedClient client, CancellationToken cancellationToken)
    {
        string key = string.Create(CultureInfo.InvariantCulture, $"once{Interlocked.Increment(ref _key)}");
        if (!await client.ReadAsync(key, bodyBytes, cancellationToken))
        {
            Interlocked.Increment(ref _wrong);
        }
    }
}
