using System.Globalization;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Testing.Fleet;

/// <summary>
/// Several replicas, each a process, before one origin inside this process. All of them, and their files, are gone when it is disposed. Thread-safe, but for starting and
/// disposing.
/// </summary>
public sealed class ReplicaFleet : IAsyncDisposable
{
    /// <summary>Its freshness is as <see cref="FleetOptions.Rule"/> says.</summary>
    public const string Bucket = "data";

    /// <summary>Its objects never change.</summary>
    public const string ImmutableBucket = "fixed";

    private readonly FleetOptions _options;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("s3proxy-fleet-");
    private readonly List<FleetReplica> _replicas = [];
    private int _starts;

    private ReplicaFleet(FleetOptions options, EmbeddedOrigin origin)
    {
        _options = options;
        Origin = origin;
        Client = new FleetClient(TimeProvider.System);
    }

    public EmbeddedOrigin Origin { get; }

    /// <summary>Those that run, and those that were ended meanwhile, by index.</summary>
    public IReadOnlyList<FleetReplica> Replicas => _replicas;

    public FleetClient Client { get; }

    private string ConfigurationFile => Path.Combine(_directory.FullName, "s3proxy.yaml");

    /// <summary>Starts the origin and all replicas, side by side, and waits until they listen.</summary>
    /// <exception cref="ReplicaStartException">One did not.</exception>
    public static async Task<ReplicaFleet> StartAsync(FleetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        EmbeddedOrigin origin = await EmbeddedOrigin.StartAsync(new EmbeddedOriginOptions
        {
            Buckets = [Bucket, ImmutableBucket],
            FirstByteDelay = options.FirstByteDelay,
            BytesPerSecond = options.BytesPerSecond,
            MaxRecordedRequests = options.MaxRecordedOriginRequests,
        });
        ReplicaFleet fleet = new(options, origin);
        try
        {
            await File.WriteAllTextAsync(fleet.ConfigurationFile, FleetConfiguration.Write(options, origin.Endpoint));
            fleet._replicas.AddRange(await Task.WhenAll(Enumerable.Range(0, options.Replicas).Select(fleet.StartReplicaAsync)));
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where requests go that are shared out evenly.</summary>
    public Uri EndpointFor(int number) => _replicas[number % _replicas.Count].Endpoint;

    /// <summary>Starts a replica in the place of one that has ended. Not to be called twice at once.</summary>
    public async Task RestartAsync(int index)
    {
        FleetReplica former = _replicas[index];
        _replicas[index] = await StartReplicaAsync(index);
        await former.DisposeAsync();
    }

    /// <summary>The last lines of every replica's log.</summary>
    public string DescribeLogs() => string.Join('\n', _replicas.Select(replica => replica.DescribeLog()));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Task.WhenAll(_replicas.Select(replica => replica.DisposeAsync().AsTask()));
        await Origin.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private Task<FleetReplica> StartReplicaAsync(int index)
    {
        string log = string.Create(CultureInfo.InvariantCulture, $"replica-{index}-{Interlocked.Increment(ref _starts)}.log");
        return FleetReplica.StartAsync(index, _options.ProxyAssembly, ConfigurationFile, Path.Combine(_directory.FullName, log), _options.EnvironmentOf(index));
    }
}
