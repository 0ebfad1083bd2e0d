using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Admin;
using S3Proxy.Draining;
using S3Proxy.Reloading;
using S3Proxy.Testing;
using S3Proxy.Tests.Admin;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Draining;

/// <summary>Requirement R2, without signals.</summary>
public sealed class DrainLifetimeTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FakeLifetime _host = new();
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly ReadinessState _readiness;
    private readonly DrainLifetime _lifetime;

    public DrainLifetimeTests()
    {
        _readiness = new ReadinessState(_host);
        _lifetime = new DrainLifetime(_host, _readiness, new CurrentSnapshot(Configurations.Valid(Configurations.Least)), _services, _time, NullLogger<DrainLifetime>.Instance);
        _host.Start();
    }

    public void Dispose()
    {
        _lifetime.Dispose();
        _services.Dispose();
        _host.Dispose();
    }

    [Fact]
    public void Readiness_goes_first_and_the_host_stops_when_the_delay_is_over()
    {
        Assert.True(_readiness.IsReady);

        _lifetime.Begin(TimeSpan.FromSeconds(5));

        Assert.False(_readiness.IsReady);
        Assert.True(_readiness.IsStopping);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(_host.ApplicationStopping.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(SpinWait.SpinUntil(() => _host.ApplicationStopping.IsCancellationRequested, TimeSpan.FromSeconds(30)));
        Assert.False(_lifetime.AtOnce.IsCancellationRequested);
    }

    [Fact]
    public void Without_a_delay_the_host_stops_at_once()
    {
        _lifetime.Begin(TimeSpan.Zero);

        Assert.True(_host.ApplicationStopping.IsCancellationRequested);
        Assert.False(_lifetime.AtOnce.IsCancellationRequested);
    }

    [Fact]
    public void The_second_time_nothing_is_waited_for()
    {
        _lifetime.Begin(TimeSpan.FromHours(1));
        _lifetime.Begin(TimeSpan.FromHours(1));

        Assert.True(_lifetime.AtOnce.IsCancellationRequested);
        Assert.True(SpinWait.SpinUntil(() => _host.ApplicationStopping.IsCancellationRequested, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void A_signal_that_comes_when_all_is_over_does_nothing()
    {
        DrainLifetime lifetime = new(_host, _readiness, new CurrentSnapshot(Configurations.Valid(Configurations.Least)), _services, _time, NullLogger<DrainLifetime>.Instance);
        lifetime.Begin(TimeSpan.FromHours(1));
        lifetime.Dispose();

        lifetime.Begin(TimeSpan.Zero);

        Assert.False(_host.ApplicationStopping.IsCancellationRequested);
    }
}
