using S3Proxy.FleetTests.History;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.FleetTests;

/// <summary>An object that is written again and again, each version with bytes of its own. One writer at a time.</summary>
internal sealed class VersionedObject(string key, ulong seed)
{
    private const int LeastBytes = 1000;
    private const int MoreBytes = 9000;
    private long _written;

    public string Key => key;

    /// <summary>The bytes of a version, which tell it from every other one of any object.</summary>
    public SyntheticContent ContentOf(long version)
    {
        ulong own = (seed << 32) + (ulong)version;
        return new SyntheticContent(LeastBytes + (long)(own * 2654435761 % MoreBytes), own);
    }

    /// <summary>Writes the next version and records what came of it.</summary>
    public async Task<FleetWrite> WriteAsync(FleetClient client, Uri endpoint, FleetHistory history)
    {
        long version = ++_written;
        long started = TimeProvider.System.GetTimestamp();
        FleetWrite write = await client.PutAsync(endpoint, ReplicaFleet.Bucket, key, ContentOf(version), version);
        history.Add(new WriteEvent(key, version, started, write.Failure is null ? TimeProvider.System.GetTimestamp() : null));
        return write;
    }

    /// <summary>Reads whatever version there is and records it, if it was a whole, right one.</summary>
    public async Task<FleetRead> ReadAsync(FleetClient client, FleetReplica replica, int reader, FleetHistory history)
    {
        long started = TimeProvider.System.GetTimestamp();
        FleetRead read = await client.ReadVersionAsync(replica.Endpoint, ReplicaFleet.Bucket, key, ContentOf);
        if (read is { Failure: null, Version: { } version })
        {
            history.Add(new ReadEvent(reader, key, version, started, TimeProvider.System.GetTimestamp(), replica.Index, read.Cache));
        }

        return read;
    }
}
