using S3Proxy.Demo.Measuring;

namespace S3Proxy.Demo.Peers;

/// <summary>How many objects, clients and bytes the scenarios use. Immutable.</summary>
internal sealed record PeersScale
{
    /// <summary>What is measured.</summary>
    public static PeersScale Full { get; } = new();

    /// <summary>What shows in seconds that everything works, and measures nothing.</summary>
    public static PeersScale Short { get; } = new()
    {
        HotSizes = [(ByteSize.KiB, 4), (ByteSize.MiB, 2)],
        Connections = [8],
        SteadySizes = [(ByteSize.KiB, 4)],
        SteadyRate = 200,
        ZipfObjects = 500,
        ZipfWarmUpRequests = 500,
        ZipfBudgetBytes = 32 * ByteSize.MiB,
        MemoryTargets = [(128 * ByteSize.MiB, 500)],
        MemoryFillsEach = 1,
        MemoryRoundRequests = 200,
        MemoryAttempts = 2,
        HerdClients = 10,
        HerdBytes = ByteSize.MiB,
        RangeObjectBytes = 16 * ByteSize.MiB,
        RangeRequests = 20,
        SlowReaders = 4,
        SlowBytes = 2 * ByteSize.MiB,
        MixedObjects = 50,
    };

    /// <summary>Memory for cached objects where a scenario does not want another.</summary>
    public long BudgetBytes { get; private init; } = 512 * ByteSize.MiB;

    /// <summary>Sizes of hot objects, and how many of each are asked for in turn.</summary>
    public IReadOnlyList<(long Bytes, int Count)> HotSizes { get; private init; } =
        [(ByteSize.KiB, 64), (64 * ByteSize.KiB, 64), (ByteSize.MiB, 32), (16 * ByteSize.MiB, 4)];

    public IReadOnlyList<int> Connections { get; private init; } = [16, 64, 512];

    public IReadOnlyList<(long Bytes, int Count)> SteadySizes { get; private init; } = [(ByteSize.KiB, 64), (64 * ByteSize.KiB, 64), (ByteSize.MiB, 32)];

    /// <summary>Requests a second; null: half of what the best peer can do.</summary>
    public int? SteadyRate { get; private init; }

    public int ZipfObjects { get; private init; } = 100_000;

    public int ZipfWarmUpRequests { get; private init; } = 150_000;

    /// <summary>A sixth of the objects' bytes.</summary>
    public long ZipfBudgetBytes { get; private init; } = 256 * ByteSize.MiB;

    /// <summary>Memory that servers take at most, in fact, and how many objects there are, of about three times its bytes together.</summary>
    public IReadOnlyList<(long Bytes, int Objects)> MemoryTargets { get; private init; } = [(512 * ByteSize.MiB, 100_000)];

    /// <summary>Requests of a round with equal memory.</summary>
    public int MemoryRoundRequests { get; private init; } = 10_000;

    /// <summary>Requests before them that fill the cache, for each object. LRU is what it will be after two; who counts how often an object is asked for learns for longer.</summary>
    public int MemoryFillsEach { get; private init; } = 5;

    /// <summary>Budgets that are tried at most until a server takes the memory that it is to take.</summary>
    public int MemoryAttempts { get; private init; } = 3;

    public int HerdClients { get; private init; } = 200;

    public long HerdBytes { get; private init; } = 8 * ByteSize.MiB;

    public long RangeObjectBytes { get; private init; } = ByteSize.GiB;

    public int RangeRequests { get; private init; } = 1000;

    public int SlowReaders { get; private init; } = 64;

    public long SlowBytes { get; private init; } = 16 * ByteSize.MiB;

    public int MixedObjects { get; private init; } = 2000;
}
