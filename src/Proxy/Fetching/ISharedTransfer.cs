namespace S3Proxy.Fetching;

/// <summary>Bytes of a version that come from Redis, in order. One reader.</summary>
internal interface ISharedTransfer : IDisposable
{
    /// <summary>True when the first byte was kept already; false when another replica was still bringing it.</summary>
    bool WasKept { get; }

    /// <summary>The lease of the replica that is followed; 0 for none.</summary>
    long Lease { get; }

    /// <summary>Reads at least one byte; 0 when no more will come from here.</summary>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);
}
