using S3Proxy.Telemetry.Requests;

namespace S3Proxy.Tests.Telemetry.Requests;

public sealed class RequestTrailTests
{
    [Fact]
    public void Stages_are_items_with_parameters()
    {
        RequestTrail trail = new();
        trail.Add("rule", ("mode", "Ttl"), ("ttl", TimeSpan.FromSeconds(60)), ("absent", null));
        trail.Add("answer", ("outcome", "HIT"));

        Assert.Equal("rule;mode=ttl;ttl=60, answer;outcome=hit", trail.ToString());
    }

    [Fact]
    public void A_trail_is_bounded_and_a_header_value_whatever_it_is_told()
    {
        RequestTrail trail = new();
        for (int i = 0; i < 1000; i++)
        {
            trail.Add("rule", ("bucket", "a\r\nSet-Cookie: b, é;\"\0"));
        }

        Assert.All(trail.ToString(), c => Assert.InRange(c, ' ', '~'));
        Assert.DoesNotContain("set-cookie:", trail.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("more;stages=976", trail.ToString(), StringComparison.Ordinal);
    }
}
