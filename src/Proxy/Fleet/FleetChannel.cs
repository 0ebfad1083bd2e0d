using System.Collections.Concurrent;
using S3Proxy.Caching.Redis;
using S3Proxy.Telemetry;

namespace S3Proxy.Fleet;

/// <summary>The channels of Redis as what replicas hear and say: that of all, and that of this replica (requirement W4).</summary>
/// <remarks>Thread-safe. Handlers are set before <see cref="SubscribeAsync"/> and not changed afterwards.</remarks>
internal sealed class FleetChannel(IRedis redis, RedisKeys keys, FleetMetrics metrics, ILogger<FleetChannel> logger) : IFleetChannel
{
    private readonly ConcurrentDictionary<FleetMessageKind, Listener> _listeners = new();
    private bool _hearsAll;
    private bool _hearsOwn;

    /// <inheritdoc/>
    public string Replica { get; } = FleetTokens.New();

    /// <inheritdoc/>
    public void On(FleetMessageKind kind, Action<FleetMessage> handler) => _listeners.GetOrAdd(kind, static _ => new Listener()).Add(handler);

    /// <summary>Begins to hear; does what is left to do after a call that failed. Not to be called twice at a time.</summary>
    /// <exception cref="RedisUnavailableException">Not everything is heard; to be called again.</exception>
    public async ValueTask SubscribeAsync(CancellationToken cancellationToken)
    {
        if (!_hearsAll)
        {
            await redis.SubscribeAsync(keys.AllChannel, Receive, cancellationToken);
            _hearsAll = true;
        }

        if (!_hearsOwn)
        {
            await redis.SubscribeAsync(keys.ReplicaChannel(Replica), Receive, cancellationToken);
            _hearsOwn = true;
        }
    }

    /// <inheritdoc/>
    public ValueTask SendToAllAsync(FleetMessageKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        redis.PublishAsync(keys.AllChannel, new FleetMessage(kind, Replica, payload).Encode(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask SendAsync(string replica, FleetMessageKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        redis.PublishAsync(keys.ReplicaChannel(replica), new FleetMessage(kind, Replica, payload).Encode(), cancellationToken);

    private void Receive(byte[] bytes)
    {
        if (!FleetMessage.TryDecode(bytes, out FleetMessage message))
        {
            metrics.BadMessage();
            Log.BadMessage(logger, bytes.Length);
            return;
        }

        if (!_listeners.TryGetValue(message.Kind, out Listener? listener))
        {
            return;
        }

        try
        {
            listener.Tell(message);
        }
#pragma warning disable CA1031 // A fault in one handler must not end the hearing of the others.
        catch (Exception error)
#pragma warning restore CA1031
        {
            metrics.BadMessage();
            Log.MessageFailed(logger, message.Kind, message.From, error);
        }
    }

    /// <summary>Those who hear one kind. The lock makes messages that come through both channels follow one another.</summary>
    private sealed class Listener
    {
        private readonly Lock _lock = new();
        private Action<FleetMessage> _handlers = static _ => { };

        public void Add(Action<FleetMessage> handler)
        {
            lock (_lock)
            {
                _handlers += handler;
            }
        }

        public void Tell(FleetMessage message)
        {
            lock (_lock)
            {
                _handlers(message);
            }
        }
    }
}
