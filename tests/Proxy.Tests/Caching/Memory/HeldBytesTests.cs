using System.Diagnostics;
using System.Reflection;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Protocol;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Requirement C1: what an object of 1 KiB holds beside its body stands in allocation-budgets.json; more fails the build.</summary>
[Collection(nameof(HeldBytesTests))]
[CollectionDefinition(nameof(HeldBytesTests), DisableParallelization = true)]
public sealed class HeldBytesTests
{
    private const int Objects = 20_000;
    private const int BodyBytes = 1024;

    [Fact]
    public async Task C1_an_object_of_1_KiB_holds_little_beside_its_body_and_all_of_it_is_counted()
    {
        if (typeof(MemoryTier).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true })
        {
            return;
        }

        // What other tests have left may be freed, or pooled, in the middle of a round.
        (double Heap, double Counted, double Packed)[] rounds = [await MeasureAsync(), await MeasureAsync(), await MeasureAsync()];
        (double heap, double counted, double packed) = rounds.OrderBy(round => round.Heap).ElementAt(rounds.Length / 2);

        Assert.InRange(heap, 100, AllocationBudgets.All["heldBesideBody1KiB"]);
        Assert.InRange(heap - packed, 50, AllocationBudgets.All["heldBesideBodyAndText1KiB"]);
        Assert.True(counted > heap, $"{heap:F0} bytes an object are held on the heap and {counted:F0} counted.");
    }

    /// <summary>Bytes an object beside its body: on the heap, counted against the budget, and of its text as it is kept.</summary>
    private static async Task<(double Heap, double Counted, double Packed)> MeasureAsync()
    {
        using PagePool pool = new(256 << 20);
        using MemoryTier tier = new(pool, new AdmissionFifoPolicy());
        await AddAsync(tier, -1);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long pagesBefore = pool.UsedBytes;
        long packedBytes = 0;
        for (int i = 0; i < Objects; i++)
        {
            packedBytes += await AddAsync(tier, i);
        }

        double heap = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Objects;
        double counted = ((pool.UsedBytes - pagesBefore) / (double)Objects) - BodyBytes;
        Assert.Equal(Objects + 1, tier.SliceCount);
        GC.KeepAlive(tier);
        return (heap, counted, packedBytes / (double)Objects);
    }

    /// <summary>Adds an object; tells how many bytes its key and headers take, packed.</summary>
    private static async Task<int> AddAsync(MemoryTier tier, int number)
    {
        DateTimeOffset modified = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero).AddSeconds(number);
        string etag = $"\"{number:x8}9f86d081884c7d659f86d081\"";
        ObjectMetadata metadata = TestObjects.Metadata($"datasets/2026/11/shard-{number:D11}.json", BodyBytes, etag, number) with
        {
            LastModified = modified,
            Headers =
            [
                new("Last-Modified", HttpDate.Format(modified)), new("ETag", etag), new("Content-Type", "application/json"), new("Accept-Ranges", "bytes"),
                new("x-amz-meta-origin", $"node-{number % 97}"), new("Server", "AmazonS3"),
            ],
        };
        using MemoryReservation reservation = (await tier.ReserveAsync(BodyBytes, TimeSpan.Zero, TimeProvider.System, CancellationToken.None))!;
        Assert.True(tier.PutMetadata(metadata));
        SharedBody body = new(BodyBytes);
        body.Publish(body.GetWriteMemory(reservation).Length);
        body.End(complete: true);
        tier.AdmitSlice(new SliceKey(metadata.Version, 0), body);
        body.Release();
        return ObjectRecord.Pack(metadata).Length;
    }
}
