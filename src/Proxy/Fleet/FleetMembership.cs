using System.Text;
using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Invalidation;
using S3Proxy.Telemetry;

namespace S3Proxy.Fleet;

/// <summary>
/// This replica's membership: joins, renews after it has heard its own ping, and knows by its own clock how long it is sure to hear (decision 0015, "Hearing").
/// </summary>
/// <remarks>
/// Thread-safe. <c>_lock</c> orders what begins and ends hearing: the turn of the heartbeat, the loss of the link, and a write that Redis could not be told of. Nothing is awaited and no handler called
/// under it but the raising of epochs, whose locks are taken inside it.
/// </remarks>
internal sealed partial class FleetMembership : IFleetHearing
{
    private readonly IRedis _redis;
    private readonly FleetChannel _channel;
    private readonly MemberRecords _records;
    private readonly FleetOptions _options;
    private readonly Action _forgetAll;
    private readonly TimeProvider _timeProvider;
    private readonly FleetMetrics _metrics;
    private readonly ILogger _logger;
    private readonly HearingState _hearing;
    private readonly MemberView _view = new();
    private readonly PurgedScopes _scopes = new();
    private readonly Lock _lock = new();
    private readonly List<Action<string>> _memberLost = [];
    private readonly List<Action> _heardAgain = [];
    private Func<CancellationToken, ValueTask> _catchUp = static _ => ValueTask.CompletedTask;
    private TaskCompletionSource<bool>? _ping;
    private string _pingToken = "";
    private string _incarnation = "";
    private bool _isLinkUp = true;
    private bool _isLeaving;
    private string? _seenIncarnation;
    private long? _forgottenAt;
    private long _gap;
    private long _failingSince = long.MaxValue;
    private long _lastFailure;

    /// <param name="redis">Where members meet.</param>
    /// <param name="channel">What the replica hears.</param>
    /// <param name="records">The hash of members.</param>
    /// <param name="options">Lease and margins.</param>
    /// <param name="forgetAll">Bars every fetch that began before from being admitted, and takes all flights out of their tables: called when hearing begins.</param>
    /// <param name="timeProvider">The only clock used.</param>
    /// <param name="metrics">Counts gaps.</param>
    /// <param name="logger">Told of gaps.</param>
    public FleetMembership(
        IRedis redis,
        FleetChannel channel,
        MemberRecords records,
        FleetOptions options,
        Action forgetAll,
        TimeProvider timeProvider,
        FleetMetrics metrics,
        ILogger<FleetMembership> logger)
    {
        _redis = redis;
        _channel = channel;
        _records = records;
        _options = options;
        _forgetAll = forgetAll;
        _timeProvider = timeProvider;
        _metrics = metrics;
        _logger = logger;
        _hearing = new HearingState(timeProvider);
        _channel.On(FleetMessageKind.Ping, OnPing);
        _redis.OnLinkChanged(OnLinkChanged);
        _metrics.WatchMembership(() => _hearing.IsHearing, () => _view.Count);
    }

    /// <summary>Name of this replica.</summary>
    public string Replica => _channel.Replica;

    /// <summary>True while every invalidation is heard.</summary>
    public bool IsHearing => _hearing.IsHearing;

    /// <inheritdoc/>
    public long ScopeGeneration => _scopes.Generation;

    /// <summary>
    /// Since when Redis has not been reached, as a timestamp; null when it was reached last time. What was not tried for two heartbeats is not known: a failure after that begins anew.
    /// </summary>
    public long? FailingSince => Interlocked.Read(ref _failingSince) is var since && since != long.MaxValue ? since : null;

    /// <inheritdoc/>
    public bool MayTrust(long committedAt) => _hearing.Covers(committedAt);

    /// <inheritdoc/>
    public bool IsLive(string replica) => string.Equals(replica, Replica, StringComparison.Ordinal) || _view.IsLive(replica);

    /// <inheritdoc/>
    public bool IsPurgedSince(ObjectId id, long generation) => _scopes.IsPurgedSince(id, generation);

    /// <summary>Takes in a purge that this replica was told of or has made.</summary>
    public void AddPurge(CacheScope scope, long generation) => _scopes.Add(scope, generation);

    /// <inheritdoc/>
    public void OnMemberLost(Action<string> handler)
    {
        lock (_lock)
        {
            _memberLost.Add(handler);
        }
    }

    /// <inheritdoc/>
    public void OnHeardAgain(Action handler)
    {
        lock (_lock)
        {
            _heardAgain.Add(handler);
        }
    }

    /// <summary>Has <paramref name="catchUp"/> awaited before hearing begins: what others must be told first, and this replica's own readers must not find in Redis as it was.</summary>
    public void BeforeHearing(Func<CancellationToken, ValueTask> catchUp) => _catchUp = catchUp;

    /// <summary>Ends hearing until the replica has joined again.</summary>
    public void Distrust(string reason)
    {
        lock (_lock)
        {
            EndHearing(reason);
        }
    }

    /// <summary>
    /// How long replicas that Redis has forgotten may still trust their memory: above zero for a lease after its members were found to be gone, as by a flush.
    /// </summary>
    /// <param name="incarnation">What Redis has told now; empty for none.</param>
    public TimeSpan ForgottenFor(string incarnation)
    {
        lock (_lock)
        {
            if (_seenIncarnation is { Length: > 0 } && !string.Equals(_seenIncarnation, incarnation, StringComparison.Ordinal))
            {
                _forgottenAt = _timeProvider.GetTimestamp();
            }

            _seenIncarnation = _seenIncarnation is null && incarnation.Length == 0 ? null : incarnation;
            return _forgottenAt is { } at ? _options.Lease + _options.Margin - _timeProvider.GetElapsedTime(at) : TimeSpan.Zero;
        }
    }

    /// <summary>Records whether a command reached Redis.</summary>
    public void Reached(bool isReached)
    {
        if (isReached)
        {
            Interlocked.Exchange(ref _failingSince, long.MaxValue);
            return;
        }

        long now = _timeProvider.GetTimestamp();
        long previous = Interlocked.Exchange(ref _lastFailure, now);
        if (_timeProvider.GetElapsedTime(previous, now) > 2 * _options.Heartbeat)
        {
            Interlocked.Exchange(ref _failingSince, now);
        }
        else
        {
            Interlocked.CompareExchange(ref _failingSince, now, long.MaxValue);
        }
    }

    private void OnPing(FleetMessage message)
    {
        lock (_lock)
        {
            if (string.Equals(message.From, Replica, StringComparison.Ordinal) && string.Equals(message.Text, _pingToken, StringComparison.Ordinal))
            {
                _ping?.TrySetResult(true);
            }
        }
    }

    private void OnLinkChanged(bool isUp)
    {
        lock (_lock)
        {
            _isLinkUp = isUp;
            if (!isUp)
            {
                EndHearing("the connection to Redis was lost");
                _ping?.TrySetResult(false);
            }
        }

        if (isUp)
        {
            Wake();
        }
    }

    /// <summary>The caller holds the lock.</summary>
    private void EndHearing(string reason)
    {
        _gap++;
        if (_hearing.End())
        {
            _metrics.Gap();
            if (!_isLeaving)
            {
                Log.NotHearing(_logger, Replica, reason);
            }
        }
    }

    private long After(long timestamp, TimeSpan time) => timestamp + (long)(time.TotalSeconds * _timeProvider.TimestampFrequency);

    private byte[] NewPing(out Task<bool> received)
    {
        lock (_lock)
        {
            _pingToken = FleetTokens.New();
            _ping = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            received = _ping.Task;
            return Encoding.ASCII.GetBytes(_pingToken);
        }
    }
}
