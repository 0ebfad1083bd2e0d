using S3Proxy.Warming;

namespace S3Proxy.Tests.Warming;

/// <summary>Requirement C8: loads that run at once do not fill more of the memory together than one after the other.</summary>
public sealed class MemoryClaimsTests
{
    private readonly MemoryClaims _claims = new(memoryBytes: 1000, maxBytes: 500);

    [Fact]
    public async Task C8_what_an_object_has_more_than_was_claimed_is_claimed_once()
    {
        Assert.Null(await _claims.BeginAsync(100, CancellationToken.None));
        Assert.Null(_claims.Claim(300, 100));
        Assert.Null(_claims.Claim(300, 300));
        Assert.Equal(300, _claims.ClaimedBytes);

        Assert.Null(_claims.Claim(200, 300));
        Assert.Equal(200, _claims.ClaimedBytes);

        _claims.Settle(200);
        Assert.Equal(0, _claims.ClaimedBytes);
    }

    [Theory]
    [InlineData(null, 900, "The memory is full")]
    [InlineData(500L, 500, "The limit of 500 bytes is reached")]
    public async Task C8_what_is_too_much_is_told_with_the_size_of_the_object(long? maxBytes, long most, string reason)
    {
        MemoryClaims claims = new(1000, maxBytes);
        Assert.Null(await claims.BeginAsync(most - 1, CancellationToken.None));

        string? limit = claims.Claim(most + 1, most - 1);

        Assert.StartsWith(reason, limit, StringComparison.Ordinal);
        Assert.Contains($"the next object has {most + 1}.", limit, StringComparison.Ordinal);
        Assert.Equal(most - 1, claims.ClaimedBytes);
        Assert.NotNull(claims.Claim(long.MaxValue, 0));
        Assert.Equal(most - 1, claims.ClaimedBytes);
    }

    [Fact]
    public async Task C8_a_load_waits_for_those_that_run_and_begins_when_one_gives_back()
    {
        Assert.Null(await _claims.BeginAsync(250, CancellationToken.None));
        Assert.Null(await _claims.BeginAsync(250, CancellationToken.None));
        Task<string?> next = _claims.BeginAsync(200, CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);

        _claims.Settle(unusedBytes: 250);

        Assert.Null(await next);
        Assert.Equal(450, _claims.ClaimedBytes);
    }

    [Fact]
    public async Task C8_a_load_waits_no_longer_when_none_runs()
    {
        Assert.Null(await _claims.BeginAsync(450, CancellationToken.None));
        Task<string?> next = _claims.BeginAsync(200, CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);

        _claims.Settle(unusedBytes: 0);

        Assert.NotNull(await next);
    }

    [Fact]
    public async Task C8_a_load_that_waits_ends_with_the_job()
    {
        using CancellationTokenSource end = new();
        Assert.Null(await _claims.BeginAsync(450, end.Token));
        Task<string?> next = _claims.BeginAsync(200, end.Token).AsTask();

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
