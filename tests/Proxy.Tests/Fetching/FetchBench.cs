using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Fleet;
using S3Proxy.Invalidation;
using S3Proxy.Protocol;
using S3Proxy.Responding;
using S3Proxy.Routing;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Fetching;

/// <summary>The caching core with a scripted origin and no network: what a test reads goes through flights, runs and slices as in the product.</summary>
internal sealed class FetchBench : IDisposable
{
    public const int SliceBytes = 64 * 1024;

    public FetchBench(long memoryBytes = 64L << 20, FetchOptions? options = null, IFleetHearing? hearing = null)
    {
        Memory = new MemoryTier(new PagePool(memoryBytes), new AdmissionFifoPolicy());
        Epochs = new ObjectEpochs(Memory, Time);
        Tables = new FlightTables(new CoalescerOptions(), Time);
        options ??= new FetchOptions { NearlyDoneBytes = SliceBytes, ResumePause = TimeSpan.Zero, MaxResumesWithoutProgress = 3 };
        Services = new FetchServices
        {
            Memory = Memory,
            Epochs = Epochs,
            Origin = Origin,
            Geometry = new SliceGeometry(SliceBytes),
            TimeProvider = Time,
            Options = options,
            Hearing = hearing,
            Sequences = new SequentialReads(new SliceGeometry(SliceBytes), options.MaxReadAheadBytes),
            Logger = NullLogger.Instance,
        };
        Refreshes = new ObjectRefreshes(Services, Tables);
        Finder = new MetadataFinder(Services, Refreshes, new AcceptedRequests(TimeSpan.Zero, Epochs, Time));
        Writes = new WriteTracker(Epochs, Tables);
    }

    public ManualTimeProvider Time { get; } = new();

    public ScriptedOrigin Origin { get; } = new();

    public MemoryTier Memory { get; }

    public ObjectEpochs Epochs { get; }

    public FlightTables Tables { get; }

    public FetchServices Services { get; }

    public ObjectRefreshes Refreshes { get; }

    public MetadataFinder Finder { get; }

    public WriteTracker Writes { get; }

    public CacheRule Rule { get; set; } = new() { Mode = CacheMode.Ttl };

    public static byte[] Bytes(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static OriginConfiguration OriginConfiguration { get; } = new()
    {
        Name = "main",
        Endpoints = [new Uri("http://127.0.0.1:1")],
        Region = "us-east-1",
        Credentials = new OriginCredentials { Source = OriginCredentialsSource.Anonymous },
    };

    public ReadContext Read(string? range = null, bool head = false, bool checksums = false, string client = "client")
    {
        DefaultHttpContext http = new();
        Assert.True(BucketName.TryParse("bucket", out BucketName bucket));
        BucketRoute route = new()
        {
            ClientBucket = bucket,
            Configuration = new BucketConfiguration { Origin = OriginConfiguration, Cache = Rule, Coalescing = CoalescingMode.Streaming },
            OriginBucket = "bucket",
        };
        return new ReadContext
        {
            Http = http,
            Request = new S3Request
            {
                Method = head ? "HEAD" : "GET",
                Operation = head ? S3Operation.HeadObject : S3Operation.GetObject,
                Query = S3Query.Empty,
                RawTarget = "/bucket/key",
                RawPath = "/bucket/key",
                Resource = "/bucket/key",
            },
            Route = route,
            Target = new ObjectTarget(new ObjectId("main", "bucket", "key"), route.Configuration),
            Tables = Tables,
            Client = client,
            Range = ByteRangeSpec.Parse(range),
            Conditions = new ConditionalRequest(),
            WantsChecksums = checksums,
            ReceivedAt = Time.GetTimestamp(),
        };
    }

    /// <summary>Waits until <paramref name="condition"/> holds; fails after a bounded number of turns.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        for (int turn = 0; turn < 1_000_000; turn++)
        {
            if (condition())
            {
                return;
            }

            await Task.Yield();
        }

        Assert.Fail($"It never came to this: {what}.");
    }

    /// <summary>Waits until nothing is in flight and no transfer is open; fails after a bounded number of turns.</summary>
    public async Task SettleAsync()
    {
        for (int turn = 0; turn < 2_000_000; turn++)
        {
            if (Tables.InFlightCount == 0 && Origin.OpenBodies == 0)
            {
                return;
            }

            await Task.Yield();
        }

        Assert.Fail($"{Tables.InFlightCount} flights and {Origin.OpenBodies} transfers are left.");
    }

    public void Dispose()
    {
        Refreshes.Dispose();
        Memory.Clear();
        Assert.Equal(0, Memory.UsedBytes);
        Assert.Equal(0, Memory.ReservedBytes);
        Memory.Dispose();
    }
}
