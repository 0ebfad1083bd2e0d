using System.Collections.Concurrent;
using System.Globalization;
using S3Proxy.FleetTests.History;
using S3Proxy.Testing.Fleet;

namespace S3Proxy.FleetTests;

/// <summary>
/// Writers, one an object, that put a version through one replica and then read it through the others; and readers that read any object through any replica until the
/// writers are done. What everyone saw is one history.
/// </summary>
internal sealed class WriteLoad(FleetBench bench, string prefix, int objects, int writesPerObject, int readers, int seed)
{
    private readonly VersionedObject[] _objects = [.. Enumerable.Range(0, objects).Select(number =>
        new VersionedObject(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number}"), (ulong)number + 1))];

    private readonly ConcurrentQueue<FleetRead> _failed = new();
    private readonly ConcurrentQueue<FleetWrite> _failedWrites = new();
    private int _writes;

    public FleetHistory History { get; } = new();

    /// <summary>Reads that gave no whole, right object.</summary>
    public IReadOnlyCollection<FleetRead> Failed => _failed;

    /// <summary>Writes that were not acknowledged.</summary>
    public IReadOnlyCollection<FleetWrite> FailedWrites => _failedWrites;

    /// <summary>Runs to its end.</summary>
    /// <param name="disturbAsync">Called by one writer or another each <paramref name="writesBetween"/> writes, and awaited; null for an undisturbed run.</param>
    /// <param name="writesBetween">How often.</param>
    public async Task RunAsync(Func<Random, Task>? disturbAsync = null, int writesBetween = 40)
    {
        // Version 1 of every object, so that readers find something.
        foreach (VersionedObject target in _objects)
        {
            Keep(await target.WriteAsync(bench.Client, bench.Fleet.EndpointFor(0), History));
        }

        Random disturbing = new(seed);
        Task writing = Task.WhenAll(_objects.Select((target, number) => WriteAsync(target, number, async count =>
        {
            if (disturbAsync is not null && count % writesBetween == 0)
            {
                await disturbAsync(disturbing);
            }
        })));
        await Task.WhenAll([writing, .. Enumerable.Range(0, readers).Select(number => ReadAsync(1000 + number, new Random(seed + number), writing))]);
    }

    private async Task WriteAsync(VersionedObject target, int number, Func<int, Task> afterWriteAsync)
    {
        IReadOnlyList<FleetReplica> replicas = bench.Fleet.Replicas;
        for (int i = 1; i < writesPerObject; i++)
        {
            int writer = (number + i) % replicas.Count;
            Keep(await target.WriteAsync(bench.Client, replicas[writer].Endpoint, History));
            for (int other = 1; other < replicas.Count; other++)
            {
                Keep(await target.ReadAsync(bench.Client, replicas[(writer + other) % replicas.Count], number, History));
            }

            await afterWriteAsync(Interlocked.Increment(ref _writes));
        }
    }

    private async Task ReadAsync(int reader, Random random, Task writing)
    {
        while (!writing.IsCompleted)
        {
            VersionedObject target = _objects[random.Next(_objects.Length)];
            Keep(await target.ReadAsync(bench.Client, bench.Fleet.Replicas[random.Next(bench.Fleet.Replicas.Count)], reader, History));
        }
    }

    private void Keep(FleetRead read)
    {
        if (read.Failure is not null)
        {
            _failed.Enqueue(read);
        }
    }

    private void Keep(FleetWrite write)
    {
        if (write.Failure is not null)
        {
            _failedWrites.Enqueue(write);
        }
    }
}
