using Microsoft.Extensions.Logging;
using S3Proxy.Origin.Signing;

namespace S3Proxy.Tests.Origin.Signing;

public sealed class RefreshingCredentialsSourceTests : IDisposable
{
    private readonly SettableTime _time = new();
    private readonly Queue<TaskCompletionSource<SigningCredentials>> _fetches = new();
    private readonly SemaphoreSlim _fetchBegan = new(0);
    private readonly FailureSignal _failureNoted = new();
    private int _fetchCount;

    public void Dispose()
    {
        _fetchBegan.Dispose();
        _failureNoted.Noted.Dispose();
    }

    [Fact]
    public async Task Many_callers_share_one_fetch()
    {
        RefreshingCredentialsSource source = NewSource();
        Task<SigningCredentials?>[] callers = [.. Enumerable.Range(0, 50).Select(_ => source.GetAsync(CancellationToken.None).AsTask())];
        await _fetchBegan.WaitAsync();
        Assert.All(callers, c => Assert.False(c.IsCompleted));
        Answer("A", TimeSpan.FromHours(1));

        Assert.All(await Task.WhenAll(callers), c => Assert.Equal("A", c!.AccessKeyId));
        Assert.Equal(1, _fetchCount);
        Assert.Equal("A", Now(source));
    }

    [Fact]
    public async Task Close_to_expiry_the_old_keys_serve_while_one_fetch_runs()
    {
        RefreshingCredentialsSource source = await FilledAsync(TimeSpan.FromHours(1));
        _time.Now += TimeSpan.FromMinutes(56);

        Assert.Equal("A", Now(source));
        await _fetchBegan.WaitAsync();
        Assert.Equal("A", Now(source));
        Assert.Equal(2, _fetchCount);
        Answer("B", TimeSpan.FromHours(1));

        Assert.Equal("B", await AfterExpiryAsync(source));
        Assert.Equal(2, _fetchCount);
    }

    [Fact]
    public async Task A_failed_refresh_keeps_valid_keys_and_is_tried_again_after_a_pause()
    {
        RefreshingCredentialsSource source = await FilledAsync(TimeSpan.FromHours(1));
        _time.Now += TimeSpan.FromMinutes(56);
        Assert.Equal("A", Now(source));
        await _fetchBegan.WaitAsync();
        Fail("unreachable");

        await _failureNoted.Noted.WaitAsync();
        Assert.Equal("A", Now(source));
        Assert.Equal(2, _fetchCount);
        _time.Now += RefreshingCredentialsSource.RetryPause;
        Assert.Equal("A", Now(source));
        await _fetchBegan.WaitAsync();
        Answer("B", TimeSpan.FromHours(1));
        Assert.Equal("B", await AfterExpiryAsync(source));
    }

    [Fact]
    public async Task Without_valid_keys_everyone_gets_the_error_and_the_source_is_not_stormed()
    {
        RefreshingCredentialsSource source = NewSource();
        Task<SigningCredentials?>[] callers = [.. Enumerable.Range(0, 10).Select(_ => source.GetAsync(CancellationToken.None).AsTask())];
        await _fetchBegan.WaitAsync();
        Fail("metadata service unreachable");

        foreach (Task<SigningCredentials?> caller in callers)
        {
            var error = await Assert.ThrowsAsync<OriginCredentialsException>(() => caller);
            Assert.Contains("metadata service unreachable", error.Message, StringComparison.Ordinal);
        }

        await Assert.ThrowsAsync<OriginCredentialsException>(() => source.GetAsync(CancellationToken.None).AsTask());
        Assert.Equal(1, _fetchCount);
        _time.Now += RefreshingCredentialsSource.RetryPause;
        Task<SigningCredentials?> later = source.GetAsync(CancellationToken.None).AsTask();
        await _fetchBegan.WaitAsync();
        Answer("A", null);
        Assert.Equal("A", (await later)!.AccessKeyId);
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_end_the_fetch()
    {
        RefreshingCredentialsSource source = NewSource();
        using var leaving = new CancellationTokenSource();
        Task<SigningCredentials?> left = source.GetAsync(leaving.Token).AsTask();
        Task<SigningCredentials?> stayed = source.GetAsync(CancellationToken.None).AsTask();
        await _fetchBegan.WaitAsync();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Answer("A", null);

        Assert.Equal("A", (await stayed)!.AccessKeyId);
        Assert.Equal(1, _fetchCount);
    }

    [Fact]
    public async Task Expired_keys_are_never_handed_out()
    {
        RefreshingCredentialsSource source = await FilledAsync(TimeSpan.FromHours(1));
        _time.Now += TimeSpan.FromHours(2);
        Task<SigningCredentials?> waiting = source.GetAsync(CancellationToken.None).AsTask();
        await _fetchBegan.WaitAsync();
        Assert.False(waiting.IsCompleted);
        Answer("B", TimeSpan.FromHours(1));

        Assert.Equal("B", (await waiting)!.AccessKeyId);
    }

    [Fact]
    public async Task Keys_that_come_expired_are_a_failure()
    {
        RefreshingCredentialsSource source = NewSource();
        Task<SigningCredentials?> waiting = source.GetAsync(CancellationToken.None).AsTask();
        await _fetchBegan.WaitAsync();
        Answer("A", TimeSpan.Zero);

        await Assert.ThrowsAsync<OriginCredentialsException>(() => waiting);
    }

    [Fact]
    public async Task Keys_without_an_end_are_fetched_once()
    {
        RefreshingCredentialsSource source = await FilledAsync(null);
        _time.Now += TimeSpan.FromDays(1000);

        Assert.Equal("A", Now(source));
        Assert.Equal(1, _fetchCount);
    }

    private static string? Now(RefreshingCredentialsSource source)
    {
        Task<SigningCredentials?> task = source.GetAsync(CancellationToken.None).AsTask();
        Assert.True(task.IsCompletedSuccessfully);
        return task.Result?.AccessKeyId;
    }

    // Once the old keys have expired a caller waits for the refresh that is under way, so nobody need poll for its end.
    private async Task<string?> AfterExpiryAsync(RefreshingCredentialsSource source)
    {
        _time.Now += TimeSpan.FromMinutes(5);
        return (await source.GetAsync(CancellationToken.None))?.AccessKeyId;
    }

    private async Task<RefreshingCredentialsSource> FilledAsync(TimeSpan? lifetime)
    {
        RefreshingCredentialsSource source = NewSource();
        Task<SigningCredentials?> first = source.GetAsync(CancellationToken.None).AsTask();
        await _fetchBegan.WaitAsync();
        Answer("A", lifetime);
        await first;
        return source;
    }

    private RefreshingCredentialsSource NewSource() => new(
        _ =>
        {
            var fetch = new TaskCompletionSource<SigningCredentials>(TaskCreationOptions.RunContinuationsAsynchronously);
            _fetches.Enqueue(fetch);
            Interlocked.Increment(ref _fetchCount);
            _fetchBegan.Release();
            return fetch.Task;
        },
        _time,
        _failureNoted);

    private void Answer(string accessKeyId, TimeSpan? lifetime) =>
        _fetches.Dequeue().SetResult(new SigningCredentials(accessKeyId, "secret", null, lifetime is { } span ? _time.Now + span : null));

    private void Fail(string reason) => _fetches.Dequeue().SetException(new InvalidOperationException(reason));

    private sealed class SettableTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    /// <summary>A logger that tells when a failed refresh has been noted.</summary>
    private sealed class FailureSignal : ILogger
    {
        public SemaphoreSlim Noted { get; } = new(0);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Noted.Release();
    }
}
