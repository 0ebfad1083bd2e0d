using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>What a world is like before anything happens: bounds, rules and the objects at the origin. Immutable; follows from a seed.</summary>
internal sealed record WorldShape
{
    private const int PageBytes = 64 * 1024;

    public required int SliceBytes { get; init; }

    public required int BudgetPages { get; init; }

    public required CacheMode Mode { get; init; }

    public required bool KeepsVersions { get; init; }

    public required CoalescingMode Coalescing { get; init; }

    public required TimeSpan Grace { get; init; }

    public required TimeSpan ErrorLinger { get; init; }

    public required int NearlyDoneSlices { get; init; }

    public required int ReadAheadSlices { get; init; }

    public required int ClaimSlices { get; init; }

    /// <summary>Bytes of each object at the start; -1 for one that is not there.</summary>
    public required IReadOnlyList<int> ObjectBytes { get; init; }

    public long BudgetBytes => (long)BudgetPages * PageBytes;

    /// <summary>True when memory cannot be what a read fails for.</summary>
    public bool HasAmpleMemory => BudgetPages >= 32;

    public FetchOptions Options => new()
    {
        ReadAheadSlices = ReadAheadSlices,
        ClaimSlices = ClaimSlices,
        NearlyDoneBytes = (long)NearlyDoneSlices * SliceBytes,
        Grace = Grace,
        ErrorLinger = ErrorLinger,
    };

    /// <param name="random">Decides everything else.</param>
    /// <param name="isCalm">True when nothing may fail but by a fault of the product.</param>
    public static WorldShape From(ModelRandom random, bool isCalm)
    {
        // Odd sizes, so that an aligned boundary is never one by chance; the large ones lie in two segments, of blocks or of a page and a block.
        int sliceBytes = random.Chance(85) ? random.Pick<int>([1000, 513, 64]) : random.Pick<int>([40_000, 70_000]);
        int[] objects = new int[random.Between(1, 3)];
        for (int i = 0; i < objects.Length; i++)
        {
            objects[i] = !isCalm && random.Chance(4) ? -1 : SizeOf(random, sliceBytes);
        }

        return new WorldShape
        {
            SliceBytes = sliceBytes,
            BudgetPages = isCalm || random.Chance(50) ? 48 : random.Between(4, 8),
            Mode = random.Pick<CacheMode>([CacheMode.Ttl, CacheMode.Ttl, CacheMode.Revalidate, CacheMode.Immutable]),
            KeepsVersions = random.Chance(30),
            Coalescing = random.Chance(85) ? CoalescingMode.Streaming : CoalescingMode.Buffered,
            Grace = random.Chance(70) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(100),
            ErrorLinger = random.Chance(80) ? TimeSpan.Zero : TimeSpan.FromMilliseconds(200),
            NearlyDoneSlices = random.Between(0, 1),
            ReadAheadSlices = random.Between(1, 4),
            ClaimSlices = random.Pick<int>([1, 2, 8]),
            ObjectBytes = objects,
        };
    }

    /// <summary>A size of up to six slices: none, a byte, on a boundary, beside it, or anywhere.</summary>
    public static int SizeOf(ModelRandom random, int sliceBytes) => random.Below(10) switch
    {
        0 => random.Between(0, 1),
        1 => random.Between(1, 6) * sliceBytes,
        2 => (random.Between(1, 5) * sliceBytes) + random.Pick<int>([-1, 1]),
        _ => random.Between(1, 6 * sliceBytes),
    };

    public override string ToString() =>
        $"slices of {SliceBytes}, {BudgetPages} pages, {Mode}, {Coalescing}{(KeepsVersions ? ", versions kept" : "")}, grace {Grace.TotalMilliseconds} ms, error linger {ErrorLinger.TotalMilliseconds} ms, "
        + $"nearly done {NearlyDoneSlices}, ahead {ReadAheadSlices}, claims {ClaimSlices}, objects of {string.Join(", ", ObjectBytes)} bytes";
}
