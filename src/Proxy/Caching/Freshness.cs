using S3Proxy.Configuration;

namespace S3Proxy.Caching;

/// <summary>
/// What one reader may do with metadata at a moment, judged by that reader's own rule (requirement C5): two client buckets on one origin bucket share
/// metadata and not each other's idea of freshness.
/// </summary>
/// <param name="State">How it may be used.</param>
/// <param name="TimeToLive">How much longer it is fresh, negative when it is stale; null for ever, or when time does not matter.</param>
/// <param name="MayServeOnError">True when it may be told, stale as it is, although the origin cannot answer.</param>
internal readonly record struct Freshness(FreshnessState State, TimeSpan? TimeToLive, bool MayServeOnError)
{
    /// <summary>Of what may be told only after the origin was asked, whatever the rule.</summary>
    public static readonly Freshness Never = new(FreshnessState.Stale, null, MayServeOnError: false);

    /// <summary>True when the reader need not ask the origin.</summary>
    public bool IsFresh => State is FreshnessState.Fresh or FreshnessState.FreshAndDue;

    /// <summary>Judges metadata now.</summary>
    public static Freshness Of(ObjectMetadata metadata, CacheRule rule, TimeProvider timeProvider) =>
        Judge(metadata, rule, timeProvider.GetElapsedTime(metadata.AskedAt));

    /// <summary>Judges metadata when the origin was asked <paramref name="sinceAsked"/> ago. Depends on nothing else.</summary>
    public static Freshness Judge(ObjectMetadata metadata, CacheRule rule, TimeSpan sinceAsked)
    {
        if (metadata.IsSuspect || rule.Mode == CacheMode.Bypass || rule.Forbids(metadata.Directives))
        {
            return Never;
        }

        if (rule.Mode == CacheMode.Immutable)
        {
            return new Freshness(FreshnessState.Fresh, null, MayServeOnError: true);
        }

        CacheDirectives said = rule.HonourOrigin ? metadata.Directives : CacheDirectives.None;
        TimeSpan lifetime = rule.Mode == CacheMode.Ttl ? Jitter(said.Lifetime ?? rule.Ttl, rule.TtlJitter, metadata) : TimeSpan.Zero;
        TimeSpan left = lifetime - said.Age - sinceAsked;
        bool mayBeStale = !said.MustRevalidate;
        bool onError = mayBeStale && left + rule.StaleIfError > TimeSpan.Zero;
        if (left > TimeSpan.Zero)
        {
            bool isDue = left <= lifetime * rule.RefreshAhead;
            return new Freshness(isDue ? FreshnessState.FreshAndDue : FreshnessState.Fresh, left, onError);
        }

        bool whileRevalidate = mayBeStale && rule.Mode == CacheMode.Ttl && left + rule.StaleWhileRevalidate > TimeSpan.Zero;
        return new Freshness(whileRevalidate ? FreshnessState.StaleWhileRevalidate : FreshnessState.Stale, left, onError);
    }

    /// <summary>
    /// A lifetime shortened by up to <paramref name="share"/>, so that objects fetched together do not all end together. The same for one answer at every
    /// look, or the object would be fresh and stale by turns.
    /// </summary>
    private static TimeSpan Jitter(TimeSpan lifetime, double share, ObjectMetadata metadata)
    {
        if (share <= 0)
        {
            return lifetime;
        }

        // The finalizer of SplitMix64: one bit of the input changes half of those of the output.
        ulong bits = (ulong)metadata.AskedAt ^ ((ulong)(uint)metadata.Version.GetHashCode() << 32);
        bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
        bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;
        bits ^= bits >> 31;
        double draw = (bits >> 11) * (1.0 / (1UL << 53));
        return lifetime * (1 - (share * draw));
    }
}
