using System.Collections.Concurrent;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.FleetTests;

/// <summary>Clients that read hot objects through all replicas, one after another, until they are told to end.</summary>
internal sealed class ReadLoad(FleetBench bench, string bucket, IReadOnlyList<(string Key, SyntheticContent Content)> objects)
{
    private readonly ConcurrentQueue<FleetRead> _failed = new();
    private Task _clients = Task.CompletedTask;
    private volatile bool _isOver;
    private long _reads;

    /// <summary>Reads that ended so far.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    public IReadOnlyCollection<FleetRead> Failed => _failed;

    /// <summary>Reads every object once through every replica.</summary>
    public async Task WarmAsync()
    {
        foreach (FleetReplica replica in bench.Fleet.Replicas)
        {
            await Task.WhenAll(objects.Select(target => ReadAsync(replica, target)));
        }
    }

    public void Start(int clients, int seed) =>
        _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(number => Task.Run(() => RunAsync(new Random(seed + number)))));

    /// <summary>Reads a second that ended during <paramref name="window"/>.</summary>
    public async Task<double> MeasureAsync(TimeSpan window)
    {
        long before = Reads;
        long started = TimeProvider.System.GetTimestamp();
        await Task.Delay(window, TimeProvider.System);
        return (Reads - before) / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Waits until every client has ended what it was doing.</summary>
    public Task EndAsync()
    {
        _isOver = true;
        return _clients;
    }

    private async Task RunAsync(Random random)
    {
        while (!_isOver)
        {
            await ReadAsync(bench.Fleet.Replicas[random.Next(bench.Fleet.Replicas.Count)], objects[random.Next(objects.Count)]);
        }
    }

    private async Task ReadAsync(FleetReplica replica, (string Key, SyntheticContent Content) target)
    {
        FleetRead read = await bench.Client.ReadAsync(replica.Endpoint, bucket, target.Key, target.Content);
        Interlocked.Increment(ref _reads);
        if (read.Failure is not null)
        {
            _failed.Enqueue(read);
        }
    }
}
