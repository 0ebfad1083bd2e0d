using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;
using S3Proxy.ModelTests.Bugs;
using S3Proxy.ModelTests.Checking;
using S3Proxy.ModelTests.Clients;
using S3Proxy.ModelTests.Origin;
using S3Proxy.ModelTests.Schedules;
using S3Proxy.ModelTests.Scheduling;
using S3Proxy.Protocol;
using S3Proxy.Responding;
using S3Proxy.Routing;
using S3Proxy.Testing;

namespace S3Proxy.ModelTests;

/// <summary>
/// The product's caching core as it ships (responder, flights, runs, slices, memory, epochs) between a scripted origin and scripted clients, on a scheduler
/// and a clock of the test's.
/// </summary>
/// <remarks>Driven by one thread, except where the scheduler is the thread pool; the product's side is thread-safe anyway.</remarks>
internal sealed partial class ModelWorld : IDisposable
{
    private readonly TaskScheduler _scheduler;
    private readonly ModelRandom _random;
    private readonly PlantedBug _bug;
    private readonly ObjectResponder _responder;
    private readonly ObjectRefreshes _refreshes;
    private readonly WriteTracker _writes;
    private readonly OriginObject[] _objects;
    private readonly BucketRoute _route;

    /// <param name="shape">What the world is like.</param>
    /// <param name="seed">Of what the origin and the clients do by chance.</param>
    /// <param name="scheduler">Where everything runs.</param>
    /// <param name="meters">Shared by all worlds of a thread.</param>
    /// <param name="bug">Planted in the product; <see cref="PlantedBug.None"/> for the product as it is.</param>
    public ModelWorld(WorldShape shape, ulong seed, TaskScheduler scheduler, ModelMeters meters, PlantedBug bug)
    {
        _scheduler = scheduler;
        _random = new ModelRandom(seed);
        _bug = bug;
        bool isExact = scheduler is SeededScheduler;
        _objects = [.. shape.ObjectBytes.Select((bytes, index) => new OriginObject(new ObjectId("main", "bucket", $"object {index}"), (uint)index + 1, bytes))];
        _states = [.. _objects.Select(_ => new ObjectState())];
        Origin = new ModelOrigin(_objects, shape.KeepsVersions, Time, new ModelRandom(seed + 1));
        Memory = new MemoryTier(new PagePool(shape.BudgetBytes), new AdmissionFifoPolicy());
        Epochs = new ObjectEpochs(Memory, Time);
        Tables = new FlightTables(
            new CoalescerOptions { Grace = shape.Grace, Scheduler = scheduler },
            Time,
            new ObjectFlightNews(this),
            new SliceFlightCheck(Violations) { IsExact = isExact });
        FetchServices services = new()
        {
            Memory = Memory,
            Epochs = Epochs,
            Origin = bug.Wrap(new ObjectFetchCheck(Origin, Violations, GenerationWhenLed, OnHeadersTold) { IsExact = isExact }, this),
            Geometry = new SliceGeometry(shape.SliceBytes),
            TimeProvider = Time,
            Scheduler = scheduler,
            Options = shape.Options,
            Sequences = new SequentialReads(new SliceGeometry(shape.SliceBytes), shape.Options.MaxReadAheadBytes, placeCount: 16),
            Logger = NullLogger.Instance,
        };
        _refreshes = new ObjectRefreshes(services, Tables);
        _writes = new WriteTracker(Epochs, Tables);
        _responder = new ObjectResponder(services, new MetadataFinder(services, _refreshes, new AcceptedRequests(TimeSpan.Zero, services.Epochs, services.TimeProvider)), meters.Metrics, meters.Usage);
        _route = RouteOf(shape);
    }

    public ManualTimeProvider Time { get; } = new();

    public ModelOrigin Origin { get; }

    public MemoryTier Memory { get; }

    public ObjectEpochs Epochs { get; }

    public FlightTables Tables { get; }

    public ViolationLog Violations { get; } = new();

    /// <summary>Everyone who has begun to read.</summary>
    public IEnumerable<ModelReader> Readers => _readers.Values;

    public void Dispose()
    {
        foreach (ModelReader reader in Readers)
        {
            reader.Dispose();
        }

        _refreshes.Dispose();
        Memory.Dispose();
    }

    private static BucketRoute RouteOf(WorldShape shape)
    {
        OriginConfiguration origin = new()
        {
            Name = "main",
            Endpoints = [new Uri("http://127.0.0.1:1")],
            Region = "us-east-1",
            Credentials = new OriginCredentials { Source = OriginCredentialsSource.Anonymous },
        };
        Assert.True(BucketName.TryParse("bucket", out BucketName bucket));
        return new BucketRoute
        {
            ClientBucket = bucket,
            Configuration = new BucketConfiguration { Origin = origin, Cache = new CacheRule { Mode = shape.Mode }, Coalescing = shape.Coalescing },
            OriginBucket = "bucket",
        };
    }

    private ReadContext ContextOf(ModelReader reader) => new()
    {
        Http = reader.Http,
        Request = new S3Request
        {
            Method = reader.Spec.IsHead ? "HEAD" : "GET",
            Operation = reader.Spec.IsHead ? S3Operation.HeadObject : S3Operation.GetObject,
            Query = S3Query.Empty,
            RawTarget = "/bucket/key",
            RawPath = "/bucket/key",
            Resource = "/bucket/key",
        },
        Route = _route,
        Target = new ObjectTarget(reader.Known.Id, _route.Configuration),
        Tables = Tables,
        Client = reader.Name,
        Range = ByteRangeSpec.Parse(reader.Spec.Range),
        Conditions = new ConditionalRequest(),
        WantsChecksums = reader.Spec.WantsChecksums,
        ReceivedAt = Time.GetTimestamp(),
    };

    private sealed class ObjectFlightNews(ModelWorld world) : FlightObserver<ObjectFlightKey>
    {
        public override void OnEnded(ObjectFlightKey key, FlightState state) => world._bug.OnObjectFlightEnded(key, world);
    }
}
