using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Caching;
using S3Proxy.Configuration;

namespace S3Proxy.Tests.Caching;

/// <summary>Requirement C5: what one reader may do with metadata, as a table and as laws.</summary>
public sealed class FreshnessTests
{
    private static readonly CacheRule Ttl = new() { Mode = CacheMode.Ttl, Ttl = TimeSpan.FromSeconds(60) };

    [Theory]
    [InlineData(0, "Fresh", false)]
    [InlineData(59, "FreshAndDue", true)]
    [InlineData(60, "StaleWhileRevalidate", true)]
    [InlineData(69, "StaleWhileRevalidate", true)]
    [InlineData(70, "Stale", true)]
    [InlineData(119, "Stale", true)]
    [InlineData(120, "Stale", false)]
    public void An_object_grows_stale_step_by_step(int ageSeconds, string state, bool onErrorOnceStale)
    {
        CacheRule rule = Ttl with { StaleWhileRevalidate = Seconds(10), StaleIfError = Seconds(60), RefreshAhead = 0.1 };

        Freshness freshness = Freshness.Judge(Metadata(), rule, Seconds(ageSeconds));

        Assert.Equal(state, freshness.State.ToString());
        Assert.Equal(Seconds(60 - ageSeconds), freshness.TimeToLive);
        Assert.Equal(onErrorOnceStale || ageSeconds < 60, freshness.MayServeOnError);
    }

    [Theory]
    [InlineData(CacheMode.Immutable, "Fresh")]
    [InlineData(CacheMode.Ttl, "Fresh")]
    [InlineData(CacheMode.Revalidate, "Stale")]
    [InlineData(CacheMode.Bypass, "Stale")]
    internal void The_mode_of_the_reader_decides(CacheMode mode, string state) =>
        Assert.Equal(state, Freshness.Judge(Metadata(), new CacheRule { Mode = mode }, Seconds(1)).State.ToString());

    [Fact]
    public void Immutable_objects_are_fresh_for_ever_whatever_the_origin_says()
    {
        ObjectMetadata metadata = Metadata(new CacheDirectives { Lifetime = TimeSpan.Zero, MustRevalidate = true, ForbidsStoring = true });

        Assert.Equal(FreshnessState.Fresh, Freshness.Judge(metadata, new CacheRule { Mode = CacheMode.Immutable, HonourOrigin = true }, TimeSpan.FromDays(9000)).State);
    }

    [Theory]
    [InlineData(CacheMode.Immutable)]
    [InlineData(CacheMode.Ttl)]
    [InlineData(CacheMode.Revalidate)]
    internal void Suspect_metadata_is_never_told_without_asking(CacheMode mode)
    {
        CacheRule rule = new() { Mode = mode, StaleIfError = TimeSpan.FromDays(1), StaleWhileRevalidate = TimeSpan.FromDays(1) };

        Freshness freshness = Freshness.Judge(Metadata() with { IsSuspect = true }, rule, TimeSpan.Zero);

        Assert.Equal(FreshnessState.Stale, freshness.State);
        Assert.False(freshness.MayServeOnError);
    }

    [Fact]
    public void Mode_revalidate_is_served_stale_only_on_error()
    {
        CacheRule rule = new() { Mode = CacheMode.Revalidate, StaleWhileRevalidate = Seconds(100), StaleIfError = Seconds(60) };

        Assert.Equal(FreshnessState.Stale, Freshness.Judge(Metadata(), rule, Seconds(1)).State);
        Assert.True(Freshness.Judge(Metadata(), rule, Seconds(59)).MayServeOnError);
        Assert.False(Freshness.Judge(Metadata(), rule, Seconds(60)).MayServeOnError);
    }

    [Fact]
    public void The_origin_is_heeded_only_where_the_rule_says_so()
    {
        ObjectMetadata metadata = Metadata(new CacheDirectives { Lifetime = Seconds(10), Age = Seconds(4) });

        Assert.True(Freshness.Judge(metadata, Ttl, Seconds(30)).IsFresh);
        Assert.True(Freshness.Judge(metadata, Ttl with { HonourOrigin = true }, Seconds(5)).IsFresh);
        Assert.False(Freshness.Judge(metadata, Ttl with { HonourOrigin = true }, Seconds(6)).IsFresh);
    }

    [Fact]
    public void Ttl_stands_where_an_honoured_origin_says_nothing() =>
        Assert.Equal(Seconds(50), Freshness.Judge(Metadata(), Ttl with { HonourOrigin = true }, Seconds(10)).TimeToLive);

    [Fact]
    public void Must_revalidate_forbids_every_kind_of_stale_answer()
    {
        ObjectMetadata metadata = Metadata(new CacheDirectives { Lifetime = Seconds(10), MustRevalidate = true });
        CacheRule rule = Ttl with { StaleWhileRevalidate = Seconds(60), StaleIfError = Seconds(60) };

        Freshness honoured = Freshness.Judge(metadata, rule with { HonourOrigin = true }, Seconds(11));
        Assert.Equal(FreshnessState.Stale, honoured.State);
        Assert.False(honoured.MayServeOnError);
        Assert.True(Freshness.Judge(metadata, rule, Seconds(61)).MayServeOnError);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void What_may_not_be_shared_is_never_told_to_a_reader_who_heeds_it(bool noStore, bool isPrivate)
    {
        ObjectMetadata metadata = Metadata(new CacheDirectives { ForbidsStoring = noStore, IsPrivate = isPrivate, Lifetime = Seconds(60) });
        CacheRule rule = Ttl with { HonourOrigin = true, StaleIfError = Seconds(60) };

        Assert.Equal(new Freshness(FreshnessState.Stale, null, MayServeOnError: false), Freshness.Judge(metadata, rule, TimeSpan.Zero));
        Assert.True(Freshness.Judge(metadata, Ttl, TimeSpan.Zero).IsFresh);
    }

    [Fact]
    public void Jitter_spreads_the_ends_of_objects_fetched_together()
    {
        CacheRule rule = Ttl with { TtlJitter = 0.5 };
        TimeSpan[] lives = [.. Enumerable.Range(0, 200).Select(i => Freshness.Judge(Metadata(key: $"key-{i}"), rule, TimeSpan.Zero).TimeToLive!.Value)];

        Assert.All(lives, life => Assert.InRange(life, Seconds(30), Seconds(60)));
        Assert.True(lives.Count(life => life < Seconds(40)) > 20);
        Assert.True(lives.Count(life => life > Seconds(50)) > 20);
    }

    [Fact]
    public void Jitter_never_lengthens_and_is_the_same_at_every_look()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(ArbMap.Default.ArbFor<NonNegativeInt>(), ArbMap.Default.ArbFor<long>(), (age, askedAt) =>
        {
            ObjectMetadata metadata = Metadata() with { AskedAt = askedAt };
            CacheRule rule = Ttl with { TtlJitter = 0.5 };
            TimeSpan sinceAsked = Seconds(age.Get);
            Freshness first = Freshness.Judge(metadata, rule, sinceAsked);
            Freshness exact = Freshness.Judge(metadata, Ttl, sinceAsked);
            return first == Freshness.Judge(metadata, rule, sinceAsked) && first.TimeToLive <= exact.TimeToLive && (!first.IsFresh || exact.IsFresh);
        }));
    }

    /// <summary>For any rule and any answer: time only ever takes away, in the order fresh, stale while revalidate, stale.</summary>
    [Fact]
    public void What_has_grown_stale_never_becomes_fresh_again_by_waiting()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(RuleAndDirectives(), ArbMap.Default.ArbFor<PositiveInt>(), (given, later) =>
        {
            (CacheRule rule, CacheDirectives directives, int age) = given;
            ObjectMetadata metadata = Metadata(directives);
            Freshness now = Freshness.Judge(metadata, rule, Seconds(age));
            Freshness then = Freshness.Judge(metadata, rule, Seconds(age + later.Get));
            bool mayBeStale = !rule.HonourOrigin || !directives.MustRevalidate;
            return now.State <= then.State
                && (now.MayServeOnError || !then.MayServeOnError)
                && (mayBeStale || then.IsFresh || rule.Mode == CacheMode.Immutable || (then.State == FreshnessState.Stale && !then.MayServeOnError));
        }));
    }

    private static Arbitrary<(CacheRule Rule, CacheDirectives Directives, int Age)> RuleAndDirectives()
    {
        Gen<TimeSpan> time = Gen.Choose(0, 200).Select(Seconds);
        Gen<bool> flag = Gen.Elements(true, false);
        Gen<CacheRule> rules =
            from mode in Gen.Elements(Enum.GetValues<CacheMode>())
            from ttl in time
            from whileRevalidate in time
            from ifError in time
            from honour in flag
            from jitter in Gen.Choose(0, 50)
            from ahead in Gen.Choose(0, 90)
            select new CacheRule
            {
                Mode = mode,
                Ttl = ttl,
                StaleWhileRevalidate = whileRevalidate,
                StaleIfError = ifError,
                HonourOrigin = honour,
                TtlJitter = jitter / 100.0,
                RefreshAhead = ahead / 100.0,
            };
        Gen<CacheDirectives> said =
            from hasLifetime in flag
            from lifetime in time
            from age in time
            from noStore in flag
            from must in flag
            select new CacheDirectives { Lifetime = hasLifetime ? lifetime : null, Age = age, ForbidsStoring = noStore, MustRevalidate = must };
        return (from rule in rules from directives in said from age in Gen.Choose(0, 500) select (rule, directives, age)).ToArbitrary();
    }

    private static ObjectMetadata Metadata(CacheDirectives? directives = null, string key = "key") =>
        TestObjects.Metadata(key, 10) with { Directives = directives ?? CacheDirectives.None };

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
