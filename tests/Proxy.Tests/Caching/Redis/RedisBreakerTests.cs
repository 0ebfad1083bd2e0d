using S3Proxy.Caching.Redis;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>Requirement W8.</summary>
public sealed class RedisBreakerTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly RedisBreaker _breaker;
    private int _sent;

    public RedisBreakerTests() => _breaker = new RedisBreaker(_time);

    [Theory]
    [InlineData((int)RedisCallResult.TimedOut)]
    [InlineData((int)RedisCallResult.Unreachable)]
    [InlineData((int)RedisCallResult.Unable)]
    public async Task Three_failures_in_a_row_open_it_for_a_second_however_many_successes_were_before(int result)
    {
        for (int i = 0; i < 1000; i++)
        {
            await SendAsync(RedisCallResult.Ok);
        }

        await SendAsync((RedisCallResult)result);
        await SendAsync((RedisCallResult)result);
        Assert.False(_breaker.IsOpen);
        await SendAsync((RedisCallResult)result);

        Assert.True(_breaker.IsOpen);
        int sent = _sent;
        Assert.Equal(RedisCallResult.NotTried, await SendAsync(RedisCallResult.Ok));
        Assert.Equal(sent, _sent);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_breaker.IsOpen);
        Assert.Equal(RedisCallResult.Ok, await SendAsync(RedisCallResult.Ok));
        Assert.Equal(RedisCallResult.Ok, await SendAsync(RedisCallResult.Ok));
    }

    [Fact]
    public async Task One_command_tries_and_its_failure_opens_it_again()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(RedisCallResult.TimedOut, await SendAsync(RedisCallResult.TimedOut));

        Assert.True(_breaker.IsOpen);
        Assert.Equal(RedisCallResult.NotTried, await SendAsync(RedisCallResult.Ok));
    }

    [Theory]
    [InlineData((int)RedisCallResult.Ok)]
    [InlineData((int)RedisCallResult.Refused)]
    public async Task What_the_server_answered_ends_the_row(int between)
    {
        for (int i = 0; i < 10; i++)
        {
            await SendAsync(RedisCallResult.TimedOut);
            await SendAsync(RedisCallResult.TimedOut);
            await SendAsync((RedisCallResult)between);
        }

        Assert.False(_breaker.IsOpen);
    }

    [Fact]
    public async Task A_connection_that_is_back_closes_it_at_once()
    {
        await OpenAsync();

        _breaker.Close();

        Assert.False(_breaker.IsOpen);
        Assert.Equal(RedisCallResult.Ok, await SendAsync(RedisCallResult.Ok));
    }

    private async Task OpenAsync()
    {
        for (int i = 0; i < 3; i++)
        {
            await SendAsync(RedisCallResult.TimedOut);
        }

        Assert.True(_breaker.IsOpen);
    }

    private async Task<RedisCallResult> SendAsync(RedisCallResult result)
    {
        try
        {
            return await _breaker.ExecuteAsync(
                (wanted, _) =>
                {
                    _sent++;
                    return wanted == RedisCallResult.Ok
                        ? ValueTask.FromResult(wanted)
                        : throw new RedisUnavailableException("As the test wants it.") { Result = wanted };
                },
                result,
                CancellationToken.None);
        }
        catch (RedisUnavailableException error)
        {
            return error.Result;
        }
    }
}
