using System.Globalization;

namespace S3Proxy.Testing.Redis;

/// <summary>A Redis Cluster of three masters without replicas, on free ports of 127.0.0.1. Starts in about two seconds. Not thread-safe.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    /// <summary>Slots there are (Redis Cluster specification).</summary>
    public const int SlotCount = 16384;

    private const int NodeCount = 3;
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);

    private readonly List<RedisServer> _nodes = [];

    private RedisCluster()
    {
    }

    /// <summary>The masters, in the order of their slots.</summary>
    public IReadOnlyList<RedisServer> Nodes => _nodes;

    /// <summary>All nodes as <c>HOST:PORT</c> with commas between them.</summary>
    public string Address => string.Join(',', _nodes.Select(node => node.Address));

    /// <summary>Starts one and comes back when all nodes serve.</summary>
    /// <exception cref="RedisServerException">It did not come up.</exception>
    public static async Task<RedisCluster> StartAsync()
    {
        RedisCluster cluster = new();
        try
        {
            await cluster.StartNodesAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Which slot a key is in.</summary>
    public async Task<int> SlotOfAsync(string key) => (int)(long)(await _nodes[0].CommandAsync("CLUSTER", "KEYSLOT", key))!;

    /// <summary>Gives a slot, without its keys, to another node.</summary>
    public async Task MoveSlotAsync(int slot, RedisServer to)
    {
        string id = (string)(await to.CommandAsync("CLUSTER", "MYID"))!;

        // Of two nodes that claim a slot the one with the later epoch has it; the old owner may go on claiming it until it is told.
        await to.CommandAsync("CLUSTER", "BUMPEPOCH");
        foreach (RedisServer node in _nodes.Where(node => node != to).Prepend(to))
        {
            await node.CommandAsync("CLUSTER", "SETSLOT", Text(slot), "NODE", id);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RedisServer node in _nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task StartNodesAsync()
    {
        for (int i = 0; i < NodeCount; i++)
        {
            RedisServer node = await RedisServer.StartAsync(new RedisServerOptions { ClusterEnabled = true });
            _nodes.Add(node);
            await node.CommandAsync("CLUSTER", "ADDSLOTSRANGE", Text(i * SlotCount / NodeCount), Text(((i + 1) * SlotCount / NodeCount) - 1));
            await node.CommandAsync("CLUSTER", "SET-CONFIG-EPOCH", Text(i + 1));
        }

        foreach (RedisServer node in _nodes.Skip(1))
        {
            await _nodes[0].CommandAsync("CLUSTER", "MEET", "127.0.0.1", Text(node.Port), Text(node.BusPort));
        }

        using CancellationTokenSource limit = new(ReadyLimit);
        foreach (RedisServer node in _nodes)
        {
            while (!((string)(await node.CommandAsync("CLUSTER", "INFO"))!).Contains("cluster_state:ok", StringComparison.Ordinal) || !await KnowsAllAsync(node))
            {
                if (limit.IsCancellationRequested)
                {
                    throw new RedisServerException($"The cluster did not come up within {ReadyLimit}: {await node.CommandAsync("CLUSTER", "NODES")}");
                }

                await Task.Delay(BetweenLooks, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    /// <summary>The state is about slots; a node may still be in its handshake with another.</summary>
    private static async Task<bool> KnowsAllAsync(RedisServer node)
    {
        string[] lines = ((string)(await node.CommandAsync("CLUSTER", "NODES"))!).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == NodeCount && lines.All(line => line.Contains(" connected ", StringComparison.Ordinal) && !line.Contains("handshake", StringComparison.Ordinal));
    }
}
