using System.Collections.Concurrent;
using System.Globalization;
using S3Proxy.Demo.Scenarios;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Fleet;

/// <summary>Clients in a closed loop that read objects of Zipf popularity through any replica, and compare every byte. The same requests in every run of one seed.</summary>
/// <param name="objects">How many objects there are.</param>
/// <param name="objectBytes">Size of each.</param>
/// <param name="requests">Requests in all.</param>
/// <param name="clients">Clients at once.</param>
internal sealed class FleetLoad(int objects, int objectBytes, int requests, int clients)
{
    private const int Seed = 1;
    private const double Exponent = 0.9;
    private readonly (int Object, int Replica)[] _plan = Plan(objects, requests);

    /// <summary>Runs it before a fresh fleet.</summary>
    /// <param name="name">What the run is called.</param>
    /// <param name="options">The fleet.</param>
    public async Task<FleetRound> RunAsync(string name, FleetOptions options)
    {
        await using ReplicaFleet fleet = await ReplicaFleet.StartAsync(options);
        SyntheticContent[] contents = [.. Enumerable.Range(0, objects).Select(number =>
            fleet.Origin.PutSynthetic(ReplicaFleet.Bucket, KeyOf(number), objectBytes, (ulong)number + 1))];
        TimeSpan[] processorBefore = [.. fleet.Replicas.Select(replica => replica.ProcessorTime)];
        ConcurrentQueue<FleetRead> reads = new();
        int next = -1;
        long started = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            int at;
            while ((at = Interlocked.Increment(ref next)) < _plan.Length)
            {
                (int number, int replica) = _plan[at];
                reads.Enqueue(await fleet.Client.ReadAsync(fleet.Replicas[replica % fleet.Replicas.Count].Endpoint, ReplicaFleet.Bucket, KeyOf(number), contents[number]));
            }
        })));
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(started);
        TimeSpan processor = fleet.Replicas.Select((replica, index) => replica.ProcessorTime - processorBefore[index]).Aggregate(TimeSpan.Zero, (sum, time) => sum + time);
        await fleet.Origin.Traffic.WaitForIdleAsync();
        TimeSpan[] firstBytes = [.. reads.Select(read => read.FirstByte).Order()];
        return new FleetRound
        {
            Name = name,
            Requests = reads.Count,
            Failed = reads.Count(read => read.Failure is not null),
            OriginGets = fleet.Origin.Traffic.GetCount,
            OriginBytes = fleet.Origin.Traffic.BodyBytesSent,
            HitRatio = 1 - ((double)fleet.Origin.Traffic.GetCount / reads.Count),
            RequestsPerSecond = reads.Count / elapsed.TotalSeconds,
            ProcessorMicrosecondsPerRequest = processor.TotalMicroseconds / reads.Count,
            FirstByteP50Milliseconds = firstBytes[firstBytes.Length / 2].TotalMilliseconds,
            FirstByteP99Milliseconds = firstBytes[firstBytes.Length * 99 / 100].TotalMilliseconds,
        };
    }

    private static string KeyOf(int number) => string.Create(CultureInfo.InvariantCulture, $"object-{number}");

    private static (int Object, int Replica)[] Plan(int objects, int requests)
    {
        Random random = new(Seed);
        ZipfDistribution popularity = new(objects, Exponent);
        return [.. Enumerable.Range(0, requests).Select(_ => (popularity.Next(random), random.Next(int.MaxValue)))];
    }
}
