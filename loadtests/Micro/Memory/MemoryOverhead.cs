using System.Globalization;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;

namespace S3Proxy.Micro.Memory;

/// <summary>
/// What a cached object of 1 KiB costs beside its body (requirement C1): fills the product's own memory tier and looks at the managed heap, at the native slabs
/// and at the process.
/// </summary>
internal static class MemoryOverhead
{
    private const int Objects = 1_000_000;
    private const int BudgetBytes = 512 * 1024 * 1024;

    public static async Task<bool> RunAsync()
    {
        bool isBounded = await FullAsync();
        await PerObjectAsync();
        return isBounded;
    }

    /// <summary>The exact cost: the live heap after a collection and the slabs, less the bodies.</summary>
    private static async Task PerObjectAsync()
    {
        using PagePool pool = new(8L << 30);
        using MemoryTier tier = new(pool, new AdmissionFifoPolicy());
        long heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        long textBytes = 0;
        long packedBytes = 0;
        for (int i = 0; i < Objects; i++)
        {
            ObjectMetadata metadata = await AddAsync(tier, i);
            textBytes += SampleObjects.TextBytes(metadata);
            packedBytes += ObjectRecord.Pack(metadata).Length;
        }

        double heap = (GC.GetTotalMemory(forceFullCollection: true) - heapBefore) / (double)Objects;
        double slabs = (pool.PageMemoryBytes / (double)Objects) - SampleObjects.BodyBytes;
        double packed = packedBytes / (double)Objects;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            {tier.ObjectCount} objects and {tier.SliceCount} slices of {SampleObjects.BodyBytes} bytes
            bytes an object beside its body, all in: {heap + slabs:F0} (managed heap {heap:F0}, slabs {slabs:F0})
            of them key, ETag and headers: {packed:F0}, for {textBytes / (double)Objects:F0} bytes of text; without them: {heap + slabs - packed:F0}
            """));
        GC.KeepAlive(tier);
    }

    /// <summary>What the process holds when three times as many objects pass through as its budget has bytes for.</summary>
    private static async Task<bool> FullAsync()
    {
        GC.Collect();
        long before = Environment.WorkingSet;
        using PagePool pool = new(BudgetBytes);
        using MemoryTier tier = new(pool, new AdmissionFifoPolicy());
        long most = 0;
        for (int i = 0; i < 3 * BudgetBytes / SampleObjects.BodyBytes; i++)
        {
            await AddAsync(tier, i);
            if (i % 50_000 == 0)
            {
                most = Math.Max(most, Environment.WorkingSet);
            }
        }

        most = Math.Max(most, Environment.WorkingSet) - before;
        GCMemoryInfo heap = GC.GetGCMemoryInfo(GCKind.Any);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            cache.memory.size {BudgetBytes >> 20} MiB, full: {tier.ObjectCount} objects and {tier.SliceCount} slices, counted {pool.UsedBytes >> 20} MiB
            resident beyond the empty process ({before >> 20} MiB), at most: {most >> 20} MiB, {most / (double)BudgetBytes:F2} of the budget; slabs {pool.PageMemoryBytes >> 20} MiB, managed heap {heap.TotalCommittedBytes >> 20} MiB
            """));
        return pool.UsedBytes <= BudgetBytes;
    }

    private static async ValueTask<ObjectMetadata> AddAsync(MemoryTier tier, int number)
    {
        ObjectMetadata metadata = SampleObjects.Metadata(number);
        using MemoryReservation reservation = (await tier.ReserveAsync(SampleObjects.BodyBytes, TimeSpan.Zero, TimeProvider.System, CancellationToken.None))
            ?? throw new InvalidOperationException("There was no memory for a body.");
        tier.PutMetadata(metadata);
        SharedBody body = new(SampleObjects.BodyBytes);
        Memory<byte> memory = body.GetWriteMemory(reservation);
        memory.Span.Fill((byte)number);
        body.Publish(memory.Length);
        body.End(complete: true);
        tier.AdmitSlice(new SliceKey(metadata.Version, 0), body);
        body.Release();
        return metadata;
    }
}
