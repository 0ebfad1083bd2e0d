using S3Proxy.Admin;

namespace S3Proxy.Tests.Admin;

public sealed class ReadinessStateTests
{
    [Fact]
    public void A_host_is_ready_from_its_start_to_the_first_sign_of_its_end()
    {
        using FakeLifetime lifetime = new();
        ReadinessState readiness = new(lifetime);
        Assert.False(readiness.IsReady);

        lifetime.Start();
        Assert.True(readiness.IsReady);
        Assert.False(readiness.IsStopping);

        lifetime.StopApplication();
        Assert.False(readiness.IsReady);
        Assert.True(readiness.IsStopping);
    }

    [Fact]
    public void A_host_that_is_stopped_while_it_starts_is_never_ready()
    {
        using FakeLifetime lifetime = new();
        ReadinessState readiness = new(lifetime);

        lifetime.StopApplication();
        lifetime.Start();

        Assert.False(readiness.IsReady);
    }
}
