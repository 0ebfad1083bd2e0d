using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Configuration;
using S3Proxy.Telemetry.AccessLogs;

namespace S3Proxy.Tests.Telemetry.AccessLogs;

public sealed class AccessLogTests : IDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly string _folder = Directory.CreateTempSubdirectory("access-log-").FullName;

    public void Dispose()
    {
        _meters.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_request_never_waits_and_what_finds_no_room_is_counted()
    {
        using ManualResetEventSlim gate = new();
        using MemoryStream file = new();
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        AccessLog log = NewLog(new AccessLogConfiguration { Format = AccessLogFormat.Common, Queue = 4 }, () =>
        {
            opened.TrySetResult();
            gate.Wait();
            return file;
        });
        log.Add(AccessRecords.Record());
        await opened.Task;
        for (int i = 0; i < 10; i++)
        {
            log.Add(AccessRecords.Record());
        }

        Assert.Equal(6, log.Dropped);
        gate.Set();
        await log.DisposeAsync();
        Assert.Equal(5, file.ToArray().Count(b => b == '\n'));
    }

    [Fact]
    public async Task A_file_that_was_moved_away_is_opened_again()
    {
        string path = Path.Combine(_folder, "access.log");
        await using AccessLog log = NewLog(new AccessLogConfiguration { Format = AccessLogFormat.Json, Path = path });
        log.Add(AccessRecords.Record("before"));
        await UntilAsync(() => File.Exists(path) && File.ReadAllText(path).Contains("before", StringComparison.Ordinal));
        File.Move(path, path + ".1");
        log.Reopen();
        log.Add(AccessRecords.Record("after"));
        await UntilAsync(() => File.Exists(path) && File.ReadAllText(path).Contains("after", StringComparison.Ordinal));

        Assert.DoesNotContain("after", await File.ReadAllTextAsync(path + ".1"), StringComparison.Ordinal);
        Assert.Equal(0, log.Dropped);
    }

    [Fact]
    public async Task Lines_that_cannot_be_written_are_counted_and_later_ones_written()
    {
        string folder = Path.Combine(_folder, "later");
        string path = Path.Combine(folder, "access.log");
        await using AccessLog log = NewLog(new AccessLogConfiguration { Format = AccessLogFormat.Json, Path = path });
        log.Add(AccessRecords.Record("lost"));
        await UntilAsync(() => log.Dropped == 1);
        Directory.CreateDirectory(folder);
        log.Add(AccessRecords.Record("kept"));
        await UntilAsync(() => File.Exists(path) && File.ReadAllText(path).Contains("kept", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sample_leaves_failures_in()
    {
        await using AccessLog log = NewLog(new AccessLogConfiguration { Format = AccessLogFormat.Json, Sample = 0, Path = Path.Combine(_folder, "none") });

        Assert.False(log.Wants(200));
        Assert.True(log.Wants(503));
    }

    private AccessLog NewLog(AccessLogConfiguration configuration, Func<Stream>? open = null) =>
        new(configuration, _meters.GetRequiredService<IMeterFactory>(), TimeProvider.System, NullLogger<AccessLog>.Instance, open);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
        }
    }
}
