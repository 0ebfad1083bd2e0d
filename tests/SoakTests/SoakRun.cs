using S3Proxy.Configuration;
using S3Proxy.FunctionalTests;
using S3Proxy.SoakTests.Checking;
using S3Proxy.SoakTests.Load;
using S3Proxy.SoakTests.Measuring;

namespace S3Proxy.SoakTests;

/// <summary>One run: the product before a faulty origin, its clients, and the check of the whole state at its end.</summary>
internal sealed class SoakRun(SoakSettings settings, TimeProvider timeProvider)
{
    private const int FastReaders = 20;
    private const int SlowReaders = 6;
    private static readonly TimeSpan QuiescenceLimit = TimeSpan.FromSeconds(120);

    /// <summary>Small beside the objects, so that there is eviction and pressure all the time.</summary>
    private const long MemoryBytes = 24L << 20;

    private readonly SoakObjects _objects = new(settings.Seed);
    private readonly LoadProgress _progress = new();
    private readonly SoakTally _tally = new();

    /// <summary>Runs to quiescence. What the clients saw is in the report; a leak of the product is thrown.</summary>
    public async Task<SoakReport> RunAsync()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(OptionsOf());
        WritingClient.Prepare(proxy, _objects);
        SoakFaults faults = new(settings.Seed, proxy.Origin);
        ResourceSampler sampler = new(proxy.Memory, timeProvider);
        using CancellationTokenSource sampling = new();
        Task sampled = sampler.RunAsync(sampling.Token);
        Task[] clients = StartClients(proxy);

        // The one use of time: how long the load lasts. A client that fails ends it early.
        await Task.WhenAny(Task.Delay(settings.Duration, timeProvider), Task.WhenAny(clients));
        _progress.End();
        faults.End();
        await Task.WhenAll(clients).WaitAsync(QuiescenceLimit, timeProvider);
        await sampling.CancelAsync();
        await sampled;
        long evictions = proxy.Memory.Evictions;
        await CheckQuiescentAsync(proxy);
        await ReadEverythingAsync(proxy);
        await CheckQuiescentAsync(proxy);
        return new SoakReport
        {
            Settings = settings,
            Tally = _tally,
            Resources = sampler,
            Faults = [.. faults.Counts],
            OriginRequests = proxy.Origin.Traffic.RequestCount,
            Evictions = evictions,
        };
    }

    private static TestProxyOptions OptionsOf() => new()
    {
        Auth = AuthMode.SigV4,
        MemoryBytes = MemoryBytes,
        SliceBytes = 256 * 1024,
        MaxRecordedOriginRequests = 0,
        MaxOriginVersionsPerKey = 16,
        Timeouts = new OriginTimeouts { FirstByte = TimeSpan.FromSeconds(1), NoProgress = TimeSpan.FromSeconds(1) },
        Buckets = SoakBucket.All.ToDictionary(
            bucket => bucket.Name,
            bucket => (Func<BucketConfiguration, BucketConfiguration>)(usual => usual with { Cache = bucket.Rule, Coalescing = bucket.Coalescing })),
    };

    private static async Task CheckQuiescentAsync(TestProxy proxy)
    {
        using CancellationTokenSource limit = new(QuiescenceLimit);
        await proxy.Origin.Traffic.WaitForIdleAsync(limit.Token);
        await proxy.AssertAllBackAsync();
    }

    private Task[] StartClients(TestProxy proxy)
    {
        int next = settings.Seed;
        Random NextRandom() => new(next++);
        List<Task> clients = [];
        foreach (SoakBucket bucket in SoakBucket.All.Where(bucket => bucket.Writer != SoakWriter.None))
        {
            WritingClient writer = new(proxy, bucket, _objects, _progress, _tally, NextRandom());
            clients.Add(Task.Run(writer.RunAsync));
        }

        for (int i = 0; i < FastReaders + SlowReaders; i++)
        {
            ReadingClient reader = new(proxy.Signed, _objects, _progress, _tally, NextRandom(), isSlow: i >= FastReaders);
            clients.Add(Task.Run(reader.RunAsync));
        }

        return [.. clients];
    }

    /// <summary>With the origin behaving again, every object must be readable and right.</summary>
    private async Task ReadEverythingAsync(TestProxy proxy)
    {
        ReadingClient reader = new(proxy.Signed, _objects, _progress, _tally, new Random(settings.Seed), isSlow: false);
        foreach (ObjectLedger ledger in _objects.ByBucket.Values.SelectMany(ledgers => ledgers))
        {
            await reader.ReadAsync(ledger, new SoakRead());
        }
    }
}
