using S3Proxy.Caching.Memory;
using S3Proxy.Caching.Redis;
using S3Proxy.Configuration;
using S3Proxy.Configuration.Changes;
using S3Proxy.Configuration.Yaml;
using S3Proxy.Invalidation;
using S3Proxy.Origin;
using S3Proxy.Responding;
using S3Proxy.Telemetry;

namespace S3Proxy.Reloading;

/// <summary>
/// Takes over a changed configuration while the proxy runs (requirement O1): all of it with one swap, or nothing. Requests that run end with the one they began with.
/// </summary>
/// <remarks>Thread-safe: reloads take turns. Where replicas share no Redis there is none to be told of its password.</remarks>
internal sealed class Reloader(
    ConfigurationFile file,
    CurrentSnapshot current,
    OriginRouting origins,
    OriginsInForce inForce,
    CachePurge purge,
    AcceptedRequests accepted,
    MemoryTier memory,
    ReloadMetrics metrics,
    ILogger<Reloader> logger,
    RedisConnections? redis = null) : IDisposable
{
    private const string RedisKeysPrefix = "cache.redis.";

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Name of the configuration file, for people.</summary>
    public string FileName => file.Name;

    /// <summary>Digests of the files when they were read last, whatever came of it; by their paths.</summary>
    public IReadOnlyDictionary<string, string?> LastRead { get; private set; } = DigestsOf(file.Source, null);

    /// <summary>Reads the configuration and takes it over if it is good and another one. What goes wrong on the way is told as a refusal, never thrown.</summary>
    /// <param name="trigger">What asked for it, for the log.</param>
    /// <param name="cancellationToken">Ends the wait for another reload. One that has begun is brought to its end: it is of concern to more than who asked.</param>
    /// <exception cref="OperationCanceledException">It was cancelled while it waited; nothing was read.</exception>
    public async Task<ReloadReport> ReloadAsync(string trigger, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ReloadReport report = await TryReloadAsync();
            Tell(trigger, report);
            return report;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The semaphore has no handle to free, and a reload may still hold it.</summary>
    public void Dispose()
    {
    }

    private async Task<ReloadReport> TryReloadAsync()
    {
        IReadOnlyDictionary<string, string?> before = LastRead;
        try
        {
            return await LoadAndApplyAsync();
        }
#pragma warning disable CA1031 // Whatever went wrong, the proxy goes on with what it has, and says so.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // The files may be good: they are loaded again at the next look.
            LastRead = before;
            Log.Failed(logger, failure);
            return new ReloadReport(ReloadResult.Refused, [], [Place.Start.Error("", "could not be taken over; the log says why")]);
        }
    }

    private async Task<ReloadReport> LoadAndApplyAsync()
    {
        ConfigurationResult loaded = file.Load();
        LastRead = DigestsOf(loaded.Source, loaded.IsValid ? null : LastRead);
        if (!loaded.IsValid)
        {
            return new ReloadReport(ReloadResult.Refused, [], loaded.Errors);
        }

        IReadOnlyList<ConfigurationChange> changes = ConfigurationChanges.Between(file.Source, loaded.Source);
        ConfigurationError[] fixedUntilRestart = [.. changes.Where(change => change.Key.NeedsRestart).Select(change => change.NeedsRestart())];
        if (fixedUntilRestart.Length > 0)
        {
            return new ReloadReport(ReloadResult.Refused, changes, fixedUntilRestart);
        }

        if (changes.Count == 0)
        {
            file.Use(loaded.Source);
            return ReloadReport.Unchanged;
        }

        bool changesAccess = changes.Any(change => change.Key.Pattern.StartsWith(RedisKeysPrefix, StringComparison.Ordinal));
        await SwapAsync(new ProxySnapshot(loaded.Configuration), changesAccess);
        memory.SetQuotas(MemoryQuota.Of(loaded.Configuration));
        accepted.Restart(loaded.Configuration.Auth.AuthorisationTtl);
        file.Use(loaded.Source);
        return new ReloadReport(ReloadResult.Applied, changes, []);
    }

    /// <summary>
    /// Has requests use another configuration. What is cached under identities that come into force was true when they were last in force: it is forgotten, by all replicas. In this order: a write that
    /// ends before the announcement is followed by the purge; one that ends later invalidates under the coming identities too, whatever still fills them.
    /// </summary>
    private async Task SwapAsync(ProxySnapshot next, bool changesAccess)
    {
        try
        {
            if (changesAccess)
            {
                // All other keys of Redis need a restart. First, since what follows may need it.
                UseAccess(next.Configuration);
            }

            foreach (string identity in inForce.Announce(next.Configuration))
            {
                await purge.ForgetAsync(CacheScope.Of(identity), CancellationToken.None);
                Log.Forgotten(logger, identity);
            }

            await origins.ApplyAsync(next.Configuration);
            current.Replace(next);
        }
        catch when (changesAccess)
        {
            UseAccess(current.Configuration);
            throw;
        }
        finally
        {
            inForce.Settle(current.Configuration);
        }
    }

    private void UseAccess(ProxyConfiguration configuration)
    {
        if (configuration.Cache.Redis is { } access)
        {
            redis?.UseAccess(access);
        }
    }

    private void Tell(string trigger, ReloadReport report)
    {
        metrics.Reloaded(report.Result);
        switch (report.Result)
        {
            case ReloadResult.Applied:
                Log.Applied(logger, trigger, report.Changes.Count, string.Join(", ", report.Changes.Select(change => change.Path)));
                break;
            case ReloadResult.Refused:
                Log.Refused(logger, trigger, report.Errors.Count, string.Join("; ", report.Errors.Select(error => error.Format(file.Name))));
                break;
            default:
                Log.Unchanged(logger, trigger);
                break;
        }
    }

    /// <summary>A load that stopped early has not come to all files; those it would have read are still watched.</summary>
    private static Dictionary<string, string?> DigestsOf(ConfigurationSource source, IReadOnlyDictionary<string, string?>? known)
    {
        Dictionary<string, string?> digests = new(known ?? new Dictionary<string, string?>(), StringComparer.Ordinal);
        foreach ((string path, ConfigurationFiles.ReadFile read) in source.Files.All)
        {
            digests[path] = read.Digest;
        }

        return digests;
    }
}
