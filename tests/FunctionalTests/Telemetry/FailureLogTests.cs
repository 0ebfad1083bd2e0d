using System.Net;
using Microsoft.Extensions.Logging;
using S3Proxy.Configuration;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests.Telemetry;

/// <summary>Requirement O4: what an origin does wrong is one line for whoever operates the proxy; stack traces are for those who ask for them.</summary>
public sealed class FailureLogTests
{
    [Fact]
    public async Task Many_reads_of_an_origin_that_is_gone_are_one_line_a_fetch()
    {
        LogRecords log = new();
        await using EmbeddedOrigin origin = await TestProxy.StartOriginAsync(new TestProxyOptions());
        await origin.StopListeningAsync();
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { SharedOrigin = origin, Log = log });

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => proxy.Client.GetAsync($"/{TestProxy.Bucket}/some/key")));

        Assert.All(answers, static answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode));
        Array.ForEach(answers, static answer => answer.Dispose());
        AssertReadable(log);
        LogRecord[] told = [.. Told(log).Where(static record => record.Message.Contains("some/key", StringComparison.Ordinal))];
        Assert.NotEmpty(told);
        Assert.All(told, record => Assert.Matches(
            $@"^The fetch of main\S*/{TestProxy.Bucket}/some/key failed \(Unreachable\): http://127\.0\.0\.1:{origin.Endpoint.Port}/ .*Connection refused \(127\.0\.0\.1:{origin.Endpoint.Port}\)\. Check that the origin runs",
            record.Message));
        int traces = log.All.Count(static record => record is { Level: LogLevel.Debug, Error: not null } && record.Message.StartsWith("A read of ", StringComparison.Ordinal));
        Assert.Equal(answers.Length, traces);
        Assert.True(told.Length < answers.Length, $"{told.Length} lines for {answers.Length} reads that shared fetches");
    }

    [Fact]
    public async Task A_transfer_that_breaks_for_good_is_told_with_its_object_and_its_reason()
    {
        LogRecords log = new();
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Log = log,
            Timeouts = new OriginTimeouts { NoProgress = TimeSpan.FromMilliseconds(300) },
        });
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "large", 4 * Reads.MiB, 2);
        using FaultRule once = proxy.Origin.Faults.Add(RequestMatch.Get("large").First(1), new FaultEffects { CutAfterBodyBytes = Reads.MiB + 1 });
        using FaultRule later = proxy.Origin.Faults.Add(RequestMatch.Any with { Skip = 1 }, new FaultEffects { CutOnArrival = true });

        using HttpResponseMessage answer = await Reads.OpenAsync(proxy, "large");
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsByteArrayAsync());

        AssertReadable(log);
        Assert.Contains(Told(log), static record => record.Message.StartsWith("The transfer of ", StringComparison.Ordinal) && record.Message.Contains("/large", StringComparison.Ordinal));
        Assert.Contains(Told(log), static record => record.Message.StartsWith("The run for ", StringComparison.Ordinal) && record.Message.Contains("/large", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_that_cannot_be_forwarded_is_one_line_and_not_one_of_YARP()
    {
        LogRecords log = new();
        await using EmbeddedOrigin origin = await TestProxy.StartOriginAsync(new TestProxyOptions());
        await origin.StopListeningAsync();
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { SharedOrigin = origin, Auth = AuthMode.SigV4, Log = log });

        using HttpResponseMessage put = await proxy.Signed.PutAsync("a b", "body"u8.ToArray());

        Assert.Equal(HttpStatusCode.ServiceUnavailable, put.StatusCode);
        AssertReadable(log);
        LogRecord told = Assert.Single(Told(log), IsOfForwarding);
        Assert.Matches(
            $@"^Forwarding PutObject of /{TestProxy.Bucket}/a%20b to origin main \(http://127\.0\.0\.1:{origin.Endpoint.Port}/?\) failed \(Request\): Connection refused \(127\.0\.0\.1:{origin.Endpoint.Port}\)\. Check that",
            told.Message);
        Assert.DoesNotContain(log.All, static record => record.Category.StartsWith("Yarp.ReverseProxy.Forwarder", StringComparison.Ordinal));
        Assert.Contains(log.All, static record => record is { Level: LogLevel.Debug, Error: HttpRequestException } && record.Message.StartsWith("PutObject of ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_forwarded_answer_that_breaks_off_is_told()
    {
        LogRecords log = new();
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4, Log = log });
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "parts", 4 * Reads.MiB, 2);
        using FaultRule cut = proxy.Origin.Faults.Add(RequestMatch.Any, new FaultEffects { CutAfterBodyBytes = Reads.MiB });

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using HttpResponseMessage answer = await proxy.Signed.SendAsync(HttpMethod.Get, TestProxy.Bucket, "parts", "partNumber=1");
            await answer.Content.ReadAsByteArrayAsync();
        });

        // The client sees the end before the proxy has looked back on it.
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!Told(log).Any(IsOfForwarding) && !limit.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        AssertReadable(log);
        Assert.Matches($@"^Forwarding GetObject of /{TestProxy.Bucket}/parts to origin main \S+ failed \(ResponseBodyDestination\): .+ Look at the origin's log", Assert.Single(Told(log), IsOfForwarding).Message);
    }

    private static bool IsOfForwarding(LogRecord record) => record.Message.StartsWith("Forwarding ", StringComparison.Ordinal);

    private static IEnumerable<LogRecord> Told(LogRecords log) => log.All.Where(static record => record.Level >= LogLevel.Information);

    /// <summary>What is above Debug has no stack traces and is one line.</summary>
    private static void AssertReadable(LogRecords log) => Assert.All(Told(log), static record =>
    {
        Assert.Null(record.Error);
        Assert.DoesNotContain(record.Message, char.IsControl);
        Assert.DoesNotContain("   at ", record.Message, StringComparison.Ordinal);
    });
}
