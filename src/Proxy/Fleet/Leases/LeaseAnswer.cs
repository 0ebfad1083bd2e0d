using S3Proxy.Caching.Redis;

namespace S3Proxy.Fleet.Leases;

/// <summary>What Redis answered to a lookup. Immutable. Which members tell something depends on the verdict (<c>lease-look.lua</c>).</summary>
internal sealed record LeaseAnswer
{
    public required LeaseVerdict Verdict { get; init; }

    /// <summary>Epoch that a commit has to name.</summary>
    public required string Epoch { get; init; }

    /// <summary>Redis' clock at the lookup, in milliseconds.</summary>
    public required long NowMilliseconds { get; init; }

    /// <summary>Of the lease, or of the record when it is known.</summary>
    public long Fence { get; init; }

    /// <summary>Replica that holds the lease.</summary>
    public string Holder { get; init; } = "";

    /// <summary>Last slice granted.</summary>
    public int Last { get; init; }

    /// <summary>How long before <see cref="NowMilliseconds"/> the lease was given under which the record was fetched.</summary>
    public long AgeMilliseconds { get; init; }

    /// <summary>Scope generation when the record was fetched.</summary>
    public long Generation { get; init; }

    /// <summary>Metadata record; empty without one.</summary>
    public byte[] Record { get; init; } = [];

    /// <summary>Reads one element of the script's answer.</summary>
    /// <exception cref="RedisUnavailableException">It is none.</exception>
    public static LeaseAnswer Parse(RedisReply reply)
    {
        IReadOnlyList<RedisReply> items = reply.Items;
        return (items.Count > 2 ? items[0].Text : "", items.Count) switch
        {
            ("U", >= 3) => Of(LeaseVerdict.Uncertain, items),
            ("A", >= 3) => Of(LeaseVerdict.Alone, items),
            ("H", >= 7) => Of(LeaseVerdict.Known, items) with
            {
                AgeMilliseconds = items[3].Number,
                Fence = items[4].Number,
                Generation = items[5].Number,
                Record = items[6].Bytes,
            },
            ("G", >= 8) => Of(LeaseVerdict.Granted, items) with
            {
                Fence = items[3].Number,
                Last = (int)items[4].Number,
                AgeMilliseconds = items[5].Number,
                Generation = items[6].Number,
                Record = items[7].Bytes,
            },
            ("L", >= 5) => Of(LeaseVerdict.Held, items) with { Fence = items[3].Number, Holder = items[4].Text },
            _ => throw new RedisUnavailableException("Redis answered a lookup with something that is none of this version's answers."),
        };
    }

    private static LeaseAnswer Of(LeaseVerdict verdict, IReadOnlyList<RedisReply> items) =>
        new() { Verdict = verdict, Epoch = items[1].Text, NowMilliseconds = items[2].Number };
}
