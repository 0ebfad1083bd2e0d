using S3Proxy.Configuration;
using S3Proxy.Configuration.Reading;

namespace S3Proxy.Reloading;

/// <summary>
/// Looks at the configuration file and the files it names again and again, and has them loaded when what they hold has changed and stayed so from one look to the next.
/// </summary>
/// <remarks>
/// It looks at contents: a Kubernetes volume changes by a swap of symbolic links, which neither the time nor the inode of a file need tell, and of which no event comes.
/// One task; started and stopped by the host.
/// </remarks>
internal sealed class ConfigurationWatch(Reloader reloader, CurrentSnapshot current, TimeProvider timeProvider, ILogger<ConfigurationWatch> logger) : IHostedService, IDisposable
{
    private const int MaxFileBytes = ConfigurationLoader.MaxFileBytes;

    private readonly CancellationTokenSource _stopping = new();
    private Task _watching = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        TimeSpan interval = current.Configuration.ReloadInterval;
        if (interval > TimeSpan.Zero)
        {
            _watching = WatchAsync(interval);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        try
        {
            await _watching.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Who stops waits no longer for a reload that has begun.
        }
    }

    public void Dispose() => _stopping.Dispose();

    private async Task WatchAsync(TimeSpan interval)
    {
        using PeriodicTimer timer = new(interval, timeProvider);
        Dictionary<string, string?> seen = [];
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token))
            {
                seen = await LookAsync(seen);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>Looks once; returns what differs from what was read last, to be compared the next time.</summary>
    private async Task<Dictionary<string, string?>> LookAsync(Dictionary<string, string?> seen)
    {
        try
        {
            Dictionary<string, string?> differing = [];
            foreach ((string path, string? digest) in reloader.LastRead)
            {
                string? now = DigestOf(path);
                if (now != digest)
                {
                    differing[path] = now;
                }
            }

            if (differing.Count == 0 || differing.Count != seen.Count || differing.Any(file => !seen.TryGetValue(file.Key, out string? before) || before != file.Value))
            {
                return differing;
            }

            await reloader.ReloadAsync("a changed file", _stopping.Token);
        }
#pragma warning disable CA1031 // The watch must go on.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            Log.WatchFailed(logger, error);
        }

        return [];
    }

    private static string? DigestOf(string path)
    {
        try
        {
            return ConfigurationFiles.DigestOf(BoundedFile.ReadBytes(path, MaxFileBytes));
        }
        catch (Exception error) when (BoundedFile.IsExpected(error))
        {
            return null;
        }
    }
}
