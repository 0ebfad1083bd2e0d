using S3Proxy.Caching;

namespace S3Proxy.Tests.Caching;

/// <summary>RFC 9111, sections 4.2.1 and 5.2.2, for a shared cache.</summary>
public sealed class CacheDirectivesTests
{
    private const string Date = "Sat, 21 Nov 2026 10:00:00 GMT";
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 10, 0, 30, TimeSpan.Zero);

    [Theory]
    [InlineData("max-age=60", 60)]
    [InlineData("Max-Age = 60", 60)]
    [InlineData("max-age=\"60\"", 60)]
    [InlineData("max-age=60, s-maxage=5", 5)]
    [InlineData("s-maxage=500, max-age=60", 500)]
    [InlineData("max-age=60, max-age=30", 30)]
    [InlineData("max-age=nonsense", 0)]
    [InlineData("max-age=-1", 0)]
    [InlineData("max-age=", 0)]
    [InlineData("max-age=99999999999999999999999", int.MaxValue)]
    [InlineData("no-cache, max-age=60", 0)]
    [InlineData("no-cache=\"Set-Cookie, max-age=7\"", 0)]
    [InlineData("ext=\"a, max-age=7\", public", null)]
    [InlineData("public, immutable", null)]
    [InlineData("", null)]
    [InlineData(",,=,\"", null)]
    public void The_lifetime_for_a_shared_cache(string cacheControl, int? seconds) =>
        Assert.Equal(seconds is { } some ? TimeSpan.FromSeconds(some) : null, Read(cacheControl).Lifetime);

    [Theory]
    [InlineData("Sat, 21 Nov 2026 10:01:00 GMT", Date, 60)]
    [InlineData("Sat, 21 Nov 2026 10:01:00 GMT", null, 30)]
    [InlineData("Sat, 21 Nov 2026 09:59:00 GMT", Date, 0)]
    [InlineData("0", Date, 0)]
    [InlineData("Fri, 31 Dec 9999 23:59:59 GMT", Date, int.MaxValue)]
    public void Expires_counts_from_the_date_of_the_answer(string expires, string? date, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), CacheDirectives.Read([new("Expires", expires)], null, date, Now).Lifetime);

    [Fact]
    public void Max_age_outranks_expires() =>
        Assert.Equal(TimeSpan.FromSeconds(7), CacheDirectives.Read([new("Expires", "0"), new("Cache-Control", "max-age=7")], null, Date, Now).Lifetime);

    [Fact]
    public void Several_fields_are_one_list()
    {
        CacheDirectives said = CacheDirectives.Read([new("cache-control", new(["max-age=9", "private"])), new("Cache-Control", "must-revalidate")], "4", Date, Now);

        Assert.Equal(new CacheDirectives { Lifetime = TimeSpan.FromSeconds(9), IsPrivate = true, MustRevalidate = true, Age = TimeSpan.FromSeconds(4) }, said);
    }

    [Fact]
    public void A_quote_left_open_swallows_no_other_field()
    {
        CacheDirectives said = CacheDirectives.Read([new("Cache-Control", new(["ext=\"a", "no-store"]))], null, Date, Now);

        Assert.True(said.ForbidsStoring);
    }

    [Theory]
    [InlineData("no-store", true, false, false)]
    [InlineData("private=\"x-a, x-b\"", false, true, false)]
    [InlineData("must-revalidate", false, false, true)]
    [InlineData("proxy-revalidate", false, false, true)]
    [InlineData("s-maxage=5", false, false, true)]
    [InlineData("no-cache", false, false, true)]
    [InlineData("no-storehouse, privateer", false, false, false)]
    [InlineData("ext=\"\\\"\", no-store", true, false, false)]
    [InlineData("ext=\"\\\\\", private", false, true, false)]
    [InlineData("ext=\"a, no-store", true, false, false)]
    [InlineData("ext=\"a\\", false, false, false)]
    public void What_is_forbidden(string cacheControl, bool noStore, bool isPrivate, bool mustRevalidate)
    {
        CacheDirectives said = Read(cacheControl);

        Assert.Equal((noStore, isPrivate, mustRevalidate), (said.ForbidsStoring, said.IsPrivate, said.MustRevalidate));
    }

    private static CacheDirectives Read(string cacheControl) => CacheDirectives.Read([new("Cache-Control", cacheControl)], null, Date, Now);
}
