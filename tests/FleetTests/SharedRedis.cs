using S3Proxy.Testing.Redis;

namespace S3Proxy.FleetTests;

/// <summary>The Redis of a fleet: one server, one server behind a slow or broken way, or a cluster.</summary>
internal sealed class SharedRedis : IAsyncDisposable
{
    private readonly RedisCluster? _cluster;

    private SharedRedis(RedisServer server, DelayingProxy? way)
    {
        Nodes = [server];
        Way = way;
        Address = way?.Address ?? server.Address;
    }

    private SharedRedis(RedisCluster cluster)
    {
        _cluster = cluster;
        Nodes = cluster.Nodes;
        Address = cluster.Address;
    }

    /// <summary><c>HOST:PORT</c>, several with commas between.</summary>
    public string Address { get; }

    public IReadOnlyList<RedisServer> Nodes { get; }

    /// <summary>What stands between the replicas and the server; null when nothing does.</summary>
    public DelayingProxy? Way { get; }

    public static async Task<SharedRedis> StartAsync(FleetKind kind, bool hasWay)
    {
        if (kind == FleetKind.Cluster)
        {
            return new SharedRedis(await RedisCluster.StartAsync());
        }

        RedisServer server = await RedisServer.StartAsync();
        return new SharedRedis(server, hasWay ? new DelayingProxy(server.Port) : null);
    }

    /// <summary>Breaks the connections on which replicas hear, on every node.</summary>
    public async Task DropSubscriptionsAsync()
    {
        foreach (RedisServer node in Nodes)
        {
            await node.DropClientsAsync("pubsub");
        }
    }

    /// <summary>Begins to count commands anew.</summary>
    public async Task ResetCommandsAsync()
    {
        foreach (RedisServer node in Nodes)
        {
            await node.ResetStatsAsync();
        }
    }

    /// <summary>Commands since they were last counted anew, by name, those inside of scripts included; what tests themselves send is left out.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CommandsAsync()
    {
        Dictionary<string, long> calls = new(StringComparer.Ordinal);
        foreach (RedisServer node in Nodes)
        {
            foreach ((string command, RedisCommandUse use) in await node.CommandStatsAsync())
            {
                if (command is not ("info" or "config|resetstat" or "client|kill"))
                {
                    calls[command] = calls.GetValueOrDefault(command) + use.Calls;
                }
            }
        }

        return calls;
    }

    public async ValueTask DisposeAsync()
    {
        if (Way is not null)
        {
            await Way.DisposeAsync();
        }

        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
        else
        {
            await Nodes[0].DisposeAsync();
        }
    }
}
