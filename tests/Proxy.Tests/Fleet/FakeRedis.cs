using S3Proxy.Caching.Redis;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Fleet;

/// <summary>
/// A Redis in memory with the scripts of the fleet, by a clock that a test moves: for faults that a real server shows only by chance. What the real scripts do is shown with a real server.
/// Thread-safe. Messages are heard before the call that sent them returns.
/// </summary>
internal sealed class FakeRedis(ManualTimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<(string Channel, Link Owner, Action<byte[]> Handler)> _subscriptions = [];
    private readonly Dictionary<string, Dictionary<string, string>> _hashes = [];
    private int _calls;

    /// <summary>True to fail every call of a client, after it was done (a lost answer) or instead (not reached).</summary>
    public Func<Link, bool> IsUnreachable { get; set; } = static _ => false;

    /// <summary>True to lose a message on its way to a client.</summary>
    public Func<Link, string, string, bool> Loses { get; set; } = static (_, _, _) => false;

    public int Calls => Volatile.Read(ref _calls);

    /// <summary>A client of its own.</summary>
    public Link Connect() => new(this);

    public void FlushAll()
    {
        lock (_lock)
        {
            _hashes.Clear();
        }
    }

    public Dictionary<string, string> Hash(string key)
    {
        lock (_lock)
        {
            return _hashes.TryGetValue(key, out Dictionary<string, string>? hash) ? new(hash) : [];
        }
    }

    private Dictionary<string, string> Open(string key) => _hashes.TryGetValue(key, out Dictionary<string, string>? hash) ? hash : _hashes[key] = [];

    private long Now => 1_000_000_000 + (long)TimeSpan.FromTicks(time.GetTimestamp()).TotalMilliseconds;

    private RedisReply Run(string script, IReadOnlyList<string> keys, string[] arguments)
    {
        lock (_lock)
        {
            return script switch
            {
                "member-renew" => Renew(Open(keys[0]), arguments),
                "member-list" => List(Open(keys[0])),
                "member-put-out" => PutOut(Open(keys[0]), arguments),
                "member-leave" => RedisReply.Of(Open(keys[0]).Remove("r:" + arguments[0]) ? 1 : 0),
                "scope-purge" => PurgeScope(Open(keys[0]), arguments),
                "object-invalidate" => RedisReply.Of([.. keys.Select(key => Invalidate(Open(key), arguments))]),
                _ => throw new ArgumentOutOfRangeException(nameof(script), script, "Not faked."),
            };
        }
    }

    private RedisReply Renew(Dictionary<string, string> hash, string[] arguments)
    {
        string own = "r:" + arguments[0];
        bool joins = arguments[2] == "1";
        foreach (string over in hash.Keys.Where(field => field.StartsWith("r:", StringComparison.Ordinal) && EndOf(hash[field]) <= Now).ToArray())
        {
            hash.Remove(over);
        }

        if (!joins && (hash.GetValueOrDefault("inc") != arguments[3] || !hash.TryGetValue(own, out string? known) || known.EndsWith("|out", StringComparison.Ordinal)))
        {
            return RedisReply.Of([RedisReply.Of(0)]);
        }

        hash.TryAdd("inc", arguments[5]);
        hash.TryAdd("g", Text(Now));
        if (joins)
        {
            hash["j"] = Text(long.Parse(hash.GetValueOrDefault("j", "0")) + 1);
        }

        hash[own] = Text(Now + long.Parse(arguments[1]));
        return RedisReply.Of([
            RedisReply.Of(1),
            Bytes(hash["inc"]),
            RedisReply.Of(long.Parse(hash["g"])),
            RedisReply.Of([.. Members(hash).SelectMany(field => (RedisReply[])[Bytes(field[2..]), RedisReply.Of(EndOf(hash[field]) - Now)])]),
            RedisReply.Of([
                .. hash.Where(entry => entry.Key.StartsWith("p:", StringComparison.Ordinal)).SelectMany(entry => (RedisReply[])[Bytes(entry.Key[2..]), Bytes(entry.Value)]),
            ]),
        ]);
    }

    private RedisReply List(Dictionary<string, string> hash) => RedisReply.Of([
        Bytes(hash.GetValueOrDefault("inc", "")),
        Bytes(hash.GetValueOrDefault("j", "0")),
        RedisReply.Of([
            .. Members(hash).Where(field => EndOf(hash[field]) > Now)
                .SelectMany(field => (RedisReply[])[Bytes(field[2..]), RedisReply.Of(EndOf(hash[field]) - Now), RedisReply.Of(hash[field].EndsWith("|out", StringComparison.Ordinal) ? 1 : 0)]),
        ]),
    ]);

    private RedisReply PutOut(Dictionary<string, string> hash, string[] arguments)
    {
        long gone = hash.GetValueOrDefault("inc") == arguments[0] ? 0 : -1;
        List<RedisReply> left = [];
        foreach (string name in arguments[1..])
        {
            if (hash.TryGetValue("r:" + name, out string? value) && EndOf(value) > Now)
            {
                hash["r:" + name] = Text(EndOf(value)) + "|out";
                left.Add(RedisReply.Of(EndOf(value) - Now));
            }
            else
            {
                left.Add(RedisReply.Of(gone));
            }
        }

        return RedisReply.Of([.. left]);
    }

    private RedisReply PurgeScope(Dictionary<string, string> hash, string[] arguments)
    {
        long generation = Math.Max(Now, long.Parse(hash.GetValueOrDefault("g", "0")) + 1);
        hash["g"] = hash["p:" + arguments[0]] = Text(generation);
        return RedisReply.Of([RedisReply.Of(generation), Bytes(arguments[0])]);
    }

    private RedisReply Invalidate(Dictionary<string, string> hash, string[] arguments)
    {
        string intent = "i:" + arguments[1];
        bool had = hash.TryGetValue(intent, out string? until) && long.Parse(until) > Now;
        if (arguments[0] != "renew" || !had)
        {
            hash["e"] = arguments[4];
            hash.Remove("m");
        }

        if (arguments[0] is "begin" or "renew")
        {
            hash[intent] = Text(Now + long.Parse(arguments[2]));
        }
        else
        {
            hash.Remove(intent);
        }

        if (long.Parse(arguments[3]) is > 0 and var suspect)
        {
            hash["s"] = Text(Now + suspect);
        }

        return RedisReply.Of(had ? 1 : 0);
    }

    private static IEnumerable<string> Members(Dictionary<string, string> hash) => hash.Keys.Where(field => field.StartsWith("r:", StringComparison.Ordinal));

    private static long EndOf(string member) => long.Parse(member.Split('|')[0]);

    private static RedisReply Bytes(string text) => RedisReply.Of(System.Text.Encoding.UTF8.GetBytes(text));

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The connections of one replica.</summary>
    internal sealed class Link(FakeRedis redis) : IRedis
    {
        private Action<bool> _changed = static _ => { };

        public bool IsAvailable => !redis.IsUnreachable(this);

        public bool IsCluster => false;

        /// <summary>Tells the replica that the link was lost, or is back.</summary>
        public void Tell(bool isUp) => _changed(isUp);

        public int SlotOf(string key) => 0;

        public ValueTask<RedisReply> EvaluateAsync(RedisScript script, IReadOnlyList<string> keys, IReadOnlyList<RedisArgument> arguments, CancellationToken cancellationToken)
        {
            Check(cancellationToken);
            return new(redis.Run(script.Name, keys, [.. arguments.Select(argument => System.Text.Encoding.UTF8.GetString(argument.Bytes))]));
        }

        public ValueTask PublishAsync(string channel, byte[] message, CancellationToken cancellationToken)
        {
            Check(cancellationToken);
            (string Channel, Link Owner, Action<byte[]> Handler)[] heard;
            lock (redis._lock)
            {
                heard = [.. redis._subscriptions.Where(subscription => subscription.Channel == channel)];
            }

            string text = System.Text.Encoding.UTF8.GetString(message);
            foreach ((_, Link owner, Action<byte[]> handler) in heard)
            {
                if (!redis.IsUnreachable(owner) && !redis.Loses(owner, channel, text))
                {
                    handler(message);
                }
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask SubscribeAsync(string channel, Action<byte[]> onMessage, CancellationToken cancellationToken)
        {
            Check(cancellationToken);
            lock (redis._lock)
            {
                redis._subscriptions.Add((channel, this, onMessage));
            }

            return ValueTask.CompletedTask;
        }

        public void OnLinkChanged(Action<bool> isUp) => _changed += isUp;

        public ValueTask<byte[]> GetRangeAsync(string key, long start, int maxBytes, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> AppendAsync(string key, byte[] value, TimeSpan timeToLive, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask SetAsync(string key, byte[] value, TimeSpan timeToLive, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<long> RemoveAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken) => throw new NotSupportedException();

        private void Check(CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Increment(ref redis._calls);
            if (redis.IsUnreachable(this))
            {
                throw new RedisUnavailableException("Not reached.");
            }
        }
    }
}
