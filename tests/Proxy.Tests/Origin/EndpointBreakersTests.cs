using S3Proxy.Fetching;
using S3Proxy.Origin;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Origin;

/// <summary>Requirement R1: an endpoint that is gone is left alone, and tried again by one request.</summary>
public class EndpointBreakersTests
{
    private const string Endpoint = "http://127.0.0.1:1";
    private readonly ManualTimeProvider _time = new();
    private int _sent;

    [Fact]
    public async Task After_many_failures_requests_fail_without_being_sent_until_one_tries()
    {
        EndpointBreakers breakers = new(_time);
        for (int i = 0; i < 20; i++)
        {
            Assert.False(breakers.IsOpen(Endpoint));
            await FailAsync(breakers);
        }

        Assert.True(breakers.IsOpen(Endpoint));
        await FailAsync(breakers);
        Assert.Equal(20, _sent);

        _time.Advance(TimeSpan.FromSeconds(1.1));
        await FailAsync(breakers);
        Assert.Equal(21, _sent);
        await FailAsync(breakers);
        Assert.Equal(21, _sent);

        _time.Advance(TimeSpan.FromSeconds(1.1));
        using OriginAnswer answer = await breakers.SendAsync(Endpoint, _ => Task.FromResult(new OriginAnswer(200, [], Stream.Null, null)), default);
        Assert.False(breakers.IsOpen(Endpoint));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task An_endpoint_that_answers_is_there(int status)
    {
        EndpointBreakers breakers = new(_time);
        for (int i = 0; i < 100; i++)
        {
            using OriginAnswer answer = await breakers.SendAsync(Endpoint, _ => Task.FromResult(new OriginAnswer(status, [], Stream.Null, null)), default);
        }

        Assert.False(breakers.IsOpen(Endpoint));
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_failure()
    {
        EndpointBreakers breakers = new(_time);
        for (int i = 0; i < 100; i++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => breakers.SendAsync(Endpoint, _ => throw new OperationCanceledException(), default));
        }

        Assert.False(breakers.IsOpen(Endpoint));
    }

    private async Task FailAsync(EndpointBreakers breakers)
    {
        FetchException error = await Assert.ThrowsAsync<FetchException>(() => breakers.SendAsync(
            Endpoint,
            _ =>
            {
                _sent++;
                throw new FetchException(FetchFailure.Unreachable, "down");
            },
            default));
        Assert.Equal(FetchFailure.Unreachable, error.Failure);
    }
}
