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
        TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        AccessLog log = NewLog(new AccessLogConfiguration { Format = AccessLogFormat.Json, Path = path }, () =>
        {
            Stream file = AccessLog.OpenFile(path);
            opened.TrySetResult();
            return file;
        });
        log.Add(AccessRecords.Record("before"));
        await opened.Task;
        File.Move(path, path + ".1");
        log.Reopen();
        log.Add(AccessRecords.Record("after"));
        await log.DisposeAsync();

        Assert.Contains("before", Assert.Single(await File.ReadAllLinesAsync(path + ".1")), StringComparison.Ordinal);
        Assert.Contains("after", Assert.Single(await File.ReadAllLinesAsync(path)), StringComparison.Ordinal);
        Assert.Equal(0, log.Dropped);
    }

    [Fact]
    public async Task Lines_that_cannot_be_written_are_counted_and_later_ones_written()
    {
        string folder = Path.Combine(_folder, "later");
        string path = Path.Combine(folder, "access.log");
        TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        AccessLog log = NewLog(new AccessLogConfiguration { Format = AccessLogFormat.Json, Path = path }, () =>
        {
            try
            {
                return AccessLog.OpenFile(path);
            }
            catch (IOException)
            {
                refused.TrySetResult();
                throw;
            }
        });
        log.Add(AccessRecords.Record("lost"));
        await refused.Task;
        Directory.CreateDirectory(folder);
        log.Add(AccessRecords.Record("kept"));
        await log.DisposeAsync();

        Assert.Equal(1, log.Dropped);
        Assert.Contains("kept", Assert.Single(await File.ReadAllLinesAsync(path)), StringComparison.Ordinal);
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
}
