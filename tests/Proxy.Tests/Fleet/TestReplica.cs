using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;
using S3Proxy.Fleet;
using S3Proxy.Invalidation;
using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Fleet;

/// <summary>One replica as far as writes go: memory, epochs, membership and what it tells the others; no origin.</summary>
internal sealed class TestReplica : IAsyncDisposable
{
    private const long MemoryBytes = 8 << 20;
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public TestReplica(IRedis redis, FleetOptions options, TimeProvider time)
    {
        RedisKeys keys = new("test", "fleet");
        Time = time;
        FleetMetrics metrics = new(_meters.GetRequiredService<IMeterFactory>());
        Memory = new MemoryTier(new PagePool(MemoryBytes), new AdmissionFifoPolicy());
        Epochs = new ObjectEpochs(Memory, time);
        Tables = new FlightTables(new CoalescerOptions(), time);
        Purge = new LocalPurge(Epochs, Tables, Memory);
        Channel = new FleetChannel(redis, keys, metrics, NullLogger<FleetChannel>.Instance);
        MemberRecords members = new(redis, keys, options);
        Membership = new FleetMembership(redis, Channel, members, options, Purge.StartAfresh, time, metrics, NullLogger<FleetMembership>.Instance);
        FleetAnnouncements announcements = new(Channel, members, Membership, options, time, metrics, NullLogger<FleetAnnouncements>.Instance);
        ObjectRecords objects = new(redis, keys, options, Channel.Replica);
        Invalidation = new FleetInvalidation(objects, members, announcements, Membership, options, time, metrics, NullLogger<FleetInvalidation>.Instance);
        Writes = new WriteTracker(Epochs, Tables) { Fleet = Invalidation };
        Listener = new FleetListener(Channel, Membership, Writes, Purge, time);
    }

    public bool IsRunning { get; private set; }

    public TimeProvider Time { get; }

    public MemoryTier Memory { get; }

    public ObjectEpochs Epochs { get; }

    public FlightTables Tables { get; }

    public LocalPurge Purge { get; }

    public FleetChannel Channel { get; }

    public FleetMembership Membership { get; }

    public FleetInvalidation Invalidation { get; }

    public FleetListener Listener { get; }

    public WriteTracker Writes { get; }

    public string Name => Channel.Replica;

    public async Task StartAsync()
    {
        IsRunning = true;
        await Membership.StartAsync(CancellationToken.None);
    }

    /// <summary>Leaves the fleet properly.</summary>
    public Task StopAsync()
    {
        IsRunning = false;
        return Membership.StopAsync(CancellationToken.None);
    }

    /// <summary>Ends like a process that is killed: nothing is told.</summary>
    public async Task KillAsync()
    {
        IsRunning = false;
        await Membership.DisposeAsync();
    }

    /// <summary>Remembers an object as if the origin had been asked just now. False when that is not admitted.</summary>
    public bool Learn(ObjectId id, string etag = "\"0123456789abcdef0123456789abcdef\"") => Learn(id, etag, Epochs.Current(id));

    /// <summary>As the other, with the epoch of when the origin was asked.</summary>
    public bool Learn(ObjectId id, string etag, long epoch) => Epochs.TryCommit(
        new ObjectMetadata
        {
            Version = new ObjectVersion(id, etag, null, 1),
            Headers = [],
            Checksums = [],
            KnowsChecksums = true,
            AskedAt = Time.GetTimestamp(),
        },
        epoch);

    /// <summary>What this replica would tell a reader without asking anybody; null for nothing.</summary>
    public ObjectMetadata? Served(ObjectId id) =>
        Memory.FindMetadata(id) is { IsSuspect: false } known && Membership.MayTrust(known.CommittedAt) ? known : null;

    public async ValueTask DisposeAsync()
    {
        if (IsRunning)
        {
            await KillAsync();
        }

        await Invalidation.DisposeAsync();
        Listener.Dispose();
        Memory.Dispose();
        await _meters.DisposeAsync();
    }
}
