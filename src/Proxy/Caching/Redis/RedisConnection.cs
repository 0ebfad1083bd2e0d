using System.Net;
using S3Proxy.Configuration;
using StackExchange.Redis;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// One multiplexer of the client library: a connection to each server. Connects in the background, goes on trying when nobody is there, and connects anew when nothing comes
/// on an open connection any more, which the library does not notice for as long as TCP does not, or when the library has not come through to any server for a while. Thread-safe.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private const int TimeoutsOfSilence = 4;
    private static readonly TimeSpan LeastSilence = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    // Several times what the library takes to try again.
    private static readonly TimeSpan LeastAbsence = TimeSpan.FromSeconds(5);

    private readonly string _purpose;
    private volatile ConfigurationOptions _options;
    private readonly bool _hearsChannels;
    private readonly TimeSpan _silenceLimit;
    private readonly TimeSpan _absenceLimit;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();

    // Guards the two below.
    private readonly Lock _lock = new();
    private TaskCompletionSource<ConnectionMultiplexer> _ready = NewReady();
    private Task _connecting = Task.CompletedTask;

    private long _silentSince;
    private long _absentSince;
    private volatile bool _isCluster;

    /// <param name="purpose">For logs: what travels on it.</param>
    /// <param name="options">Not to be changed any more; others take its place by <see cref="Use"/>.</param>
    /// <param name="hearsChannels">Whether messages come on it, which keep their order.</param>
    /// <param name="timeout">Bound on a command.</param>
    /// <param name="timeProvider">Tells the time.</param>
    /// <param name="logger">Told of every loss and return.</param>
    public RedisConnection(string purpose, ConfigurationOptions options, bool hearsChannels, TimeSpan timeout, TimeProvider timeProvider, ILogger logger)
    {
        _purpose = purpose;
        _options = options;
        _hearsChannels = hearsChannels;
        _silenceLimit = timeout * TimeoutsOfSilence > LeastSilence ? timeout * TimeoutsOfSilence : LeastSilence;
        TimeSpan twoTries = TimeSpan.FromMilliseconds(2 * options.ConnectTimeout);
        _absenceLimit = twoTries > LeastAbsence ? twoTries : LeastAbsence;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <summary>A connection of the kind was lost; runs on any thread, and must not block.</summary>
    public event Action<ConnectionType>? Lost;

    /// <summary>A connection of the kind is there, for the first time or again; runs on any thread, and must not block.</summary>
    public event Action<ConnectionType>? Restored;

    /// <summary>Whether a server said that it is part of a Redis Cluster; false until one was reached.</summary>
    public bool IsCluster => _isCluster;

    /// <summary>The multiplexer, as soon as it exists. It may be without any connection. Another one after silence.</summary>
    public Task<ConnectionMultiplexer> Ready
    {
        get
        {
            lock (_lock)
            {
                return _ready.Task;
            }
        }
    }

    private string Endpoints => string.Join(", ", _options.EndPoints.Select(NameOf));

    /// <summary>Begins to connect.</summary>
    public void Start()
    {
        lock (_lock)
        {
            TaskCompletionSource<ConnectionMultiplexer> ready = _ready;
            _connecting = Task.Run(() => ConnectAsync(ready));
        }
    }

    /// <summary>What this connection would be made by with another configuration. May read a file.</summary>
    /// <exception cref="Exception">The file cannot be read, or holds no certificates.</exception>
    public ConfigurationOptions OptionsOf(RedisConfiguration configuration) => RedisClientOptions.Make(configuration, _purpose, _hearsChannels);

    /// <summary>
    /// Connects by other options from now on. A connection that is open goes on, since it is authenticated; the library would restore it by the options that it was made by, so once it is lost the
    /// multiplexer is given up for a new one. Where one is lost already, that is done at once.
    /// </summary>
    public void Use(ConfigurationOptions options)
    {
        _options = options;
        if (Ready is { IsCompletedSuccessfully: true } ready && !ReachesAll(ready.Result))
        {
            Replace();
        }
    }

    /// <summary>Something came from a server.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref _silentSince) != 0)
        {
            Volatile.Write(ref _silentSince, 0);
        }

        if (Volatile.Read(ref _absentSince) != 0)
        {
            Volatile.Write(ref _absentSince, 0);
        }
    }

    /// <summary>A command was not answered in time. When nothing else was either, for a while, the multiplexer is given up for a new one.</summary>
    public void TimedOut() => ReplaceWhenDue(ref _silentSince, _silenceLimit);

    /// <summary>
    /// A command was not sent for want of a connection. When none could be for a while, the multiplexer is given up for a new one: the library connects again by itself, but whether it
    /// does so after every kind of failure is not left to it.
    /// </summary>
    public void Unreachable() => ReplaceWhenDue(ref _absentSince, _absenceLimit);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        Task connecting;
        TaskCompletionSource<ConnectionMultiplexer> ready;
        lock (_lock)
        {
            (connecting, ready) = (_connecting, _ready);
        }

        await connecting;
        if (ready.Task.IsCompletedSuccessfully)
        {
            await (await ready.Task).CloseAsync(allowCommandsToComplete: false);
        }
        else
        {
            ready.TrySetCanceled(_end.Token);
        }

        _end.Dispose();
    }

    private static TaskCompletionSource<ConnectionMultiplexer> NewReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string NameOf(EndPoint? endpoint) => endpoint switch
    {
        DnsEndPoint name => $"{name.Host}:{name.Port}",
        null => "a server",
        _ => endpoint.ToString()!,
    };

    private static bool ReachesAll(ConnectionMultiplexer multiplexer) => multiplexer.GetEndPoints(configuredOnly: false).All(server => multiplexer.GetServer(server).IsConnected);

    private void ReplaceWhenDue(ref long since, TimeSpan limit)
    {
        long now = _timeProvider.GetTimestamp();
        long begin = Interlocked.CompareExchange(ref since, now, 0);
        if (begin != 0 && _timeProvider.GetElapsedTime(begin, now) >= limit)
        {
            Replace();
        }
    }

    private void ReplaceIfOutdated(ConfigurationOptions madeBy)
    {
        if (!ReferenceEquals(madeBy, _options))
        {
            Replace();
        }
    }

    private void Replace()
    {
        ConnectionMultiplexer old;
        lock (_lock)
        {
            if (_end.IsCancellationRequested || !_ready.Task.IsCompletedSuccessfully)
            {
                return;
            }

            old = _ready.Task.Result;
            Volatile.Write(ref _silentSince, 0);
            Volatile.Write(ref _absentSince, 0);
            _ready = NewReady();
        }

        _logger.Replaced(_purpose, Endpoints);
        Lost?.Invoke(_hearsChannels ? ConnectionType.Subscription : ConnectionType.Interactive);
        Start();

        // Takes its time where nobody answers, and nobody waits for it.
        _ = old.CloseAsync(allowCommandsToComplete: false);
    }

    private async Task ConnectAsync(TaskCompletionSource<ConnectionMultiplexer> ready)
    {
        while (!_end.IsCancellationRequested)
        {
            ConfigurationOptions options = _options;
            try
            {
                Attach(await ConnectionMultiplexer.ConnectAsync(options, null), ready, options);
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                _logger.Away(_purpose, Endpoints, error);
                await Task.Delay(BetweenTries, _timeProvider, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Attach(ConnectionMultiplexer multiplexer, TaskCompletionSource<ConnectionMultiplexer> ready, ConfigurationOptions options)
    {
#if REDIS_CLIENT_1
        // One thread would complete all commands in their order, and wait for whoever goes on with the answer. Messages of channels need just that.
        multiplexer.PreserveAsyncOrder = _hearsChannels;
#endif
        multiplexer.ConnectionFailed += (_, failure) =>
        {
            if (IsCurrent(ready))
            {
                _logger.ConnectionLost(_purpose, NameOf(failure.EndPoint), failure.FailureType);
                Lost?.Invoke(failure.ConnectionType);
                ReplaceIfOutdated(options);
            }
        };
        multiplexer.ConnectionRestored += (_, connection) =>
        {
            if (IsCurrent(ready))
            {
                _logger.ConnectionRestored(_purpose, NameOf(connection.EndPoint));
                LookForCluster(multiplexer);
                Restored?.Invoke(connection.ConnectionType);
            }
        };
        multiplexer.ConfigurationChanged += (_, _) => LookForCluster(multiplexer);
        LookForCluster(multiplexer);
        ready.TrySetResult(multiplexer);
        if (!multiplexer.IsConnected)
        {
            _logger.Away(_purpose, Endpoints, error: null);

            // Other options may have come while it connected.
            ReplaceIfOutdated(options);
            return;
        }

        _logger.Connected(_purpose, Endpoints);
        Restored?.Invoke(_hearsChannels ? ConnectionType.Subscription : ConnectionType.Interactive);
        if (!ReachesAll(multiplexer))
        {
            // The same for a server that is away.
            ReplaceIfOutdated(options);
        }
    }

    private bool IsCurrent(TaskCompletionSource<ConnectionMultiplexer> ready)
    {
        lock (_lock)
        {
            return _ready == ready && !_end.IsCancellationRequested;
        }
    }

    private void LookForCluster(ConnectionMultiplexer multiplexer)
    {
        if (!_isCluster)
        {
            _isCluster = multiplexer.GetEndPoints(configuredOnly: false).Any(server => multiplexer.GetServer(server).ServerType == ServerType.Cluster);
        }
    }
}
