using System.Threading.Channels;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Fetching;
using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Warming;

/// <summary>One warm-up: lists what is to be loaded, loads so many at a time, and stops before it would drive out what it has loaded (requirement C8).</summary>
/// <remarks>Thread-safe. <c>_lock</c> protects the counters and the samples; nothing is called while it is held.</remarks>
#pragma warning disable CA1001 // The token source has no timer and no handle; there is nothing to free.
internal sealed class WarmJob
#pragma warning restore CA1001
{
    /// <summary>Failures that are kept with their reason.</summary>
    public const int MaxFailures = 20;

    /// <summary>Keys that are listed ahead of their load.</summary>
    private const int MaxListedAhead = 2000;

    /// <summary>Loaded objects that are looked at to learn whether they are still here.</summary>
    private const int MaxSamples = 64;

    private readonly Lock _lock = new();
    private readonly BucketRoute _route;
    private readonly BucketListing _listing;
    private readonly ObjectWarmer _warmer;
    private readonly MemoryTier _memory;
    private readonly MemoryClaims _claims;
    private readonly TimeProvider _timeProvider;
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _ended;
    private readonly List<WarmFailure> _failures = [];
    private readonly List<ObjectId> _samples = [];
    private readonly DateTimeOffset _createdAt;
    private DateTimeOffset? _startedAt;
    private DateTimeOffset? _endedAt;
    private WarmState _state;
    private string? _message;
    private bool _isListed;
    private long _found;
    private long _foundBytes;
    private long _loaded;
    private long _wereHere;
    private long _failed;
    private long _loadedBytes;
    private long _evictionsSeen;

    public WarmJob(string id, WarmRequest request, BucketRoute route, BucketListing listing, ObjectWarmer warmer, MemoryTier memory, TimeProvider timeProvider)
    {
        Id = id;
        Request = request;
        KeyCount = request.Keys?.Count;
        _route = route;
        _listing = listing;
        _warmer = warmer;
        _memory = memory;
        _claims = new MemoryClaims(memory.BudgetBytes, request.MaxBytes);
        _timeProvider = timeProvider;
        _ended = _end.Token;
        _createdAt = timeProvider.GetUtcNow();
    }

    /// <summary>Names the job in the admin API.</summary>
    public string Id { get; }

    /// <summary>What was asked for; without the keys once the job is over, as they may take megabytes.</summary>
    public WarmRequest Request { get; private set; }

    /// <summary>How many keys were given; null where the bucket is listed.</summary>
    public int? KeyCount { get; }

    /// <summary>True when nothing more will happen.</summary>
    public bool IsOver => Look().EndedAt is not null;

    /// <summary>Set by whoever starts it, under its own lock.</summary>
    public bool IsTaken { get; set; }

    private string Client => "warm-up " + Id;

    /// <summary>How far it has come.</summary>
    public WarmProgress Look()
    {
        lock (_lock)
        {
            return new WarmProgress
            {
                State = _state,
                Found = _found,
                IsListed = _isListed,
                Loaded = _loaded,
                WereHere = _wereHere,
                Failed = _failed,
                LoadedBytes = _loadedBytes,
                FoundBytes = KeyCount is null ? _foundBytes : null,
                Message = _message,
                Failures = [.. _failures],
                CreatedAt = _createdAt,
                StartedAt = _startedAt,
                EndedAt = _endedAt,
            };
        }
    }

    /// <summary>Ends it; what is loaded stays. Idempotent; false when it was over already.</summary>
    public bool Cancel() => EndAs(WarmState.Cancelled, "It was cancelled; what was loaded stays.");

    /// <summary>Does the work. Never throws.</summary>
    public async Task RunAsync()
    {
        IReadOnlyList<ObjectKey>? keys;
        lock (_lock)
        {
            if (_endedAt is not null)
            {
                return;
            }

            keys = Request.Keys;
            _state = WarmState.Running;
            _startedAt = _timeProvider.GetUtcNow();
        }

        _evictionsSeen = _memory.Evictions;
        Channel<ListedObject> found = Channel.CreateBounded<ListedObject>(MaxListedAhead);
        Task[] loaders = [.. Enumerable.Range(0, Request.Concurrency).Select(_ => LoadAllAsync(found.Reader))];
        await ListAsync(keys, found.Writer);
        found.Writer.Complete();
        await Task.WhenAll(loaders);
        EndAs(WarmState.Done, message: null);
    }

    /// <summary>Finds what is to be loaded. Never throws.</summary>
    private async Task ListAsync(IReadOnlyList<ObjectKey>? keys, ChannelWriter<ListedObject> found)
    {
        try
        {
            if (keys is not null)
            {
                Add(keys.Count, 0);
                MarkListed();
                foreach (ObjectKey key in keys)
                {
                    await found.WriteAsync(new ListedObject(_route.OriginKey(key), null), _ended);
                }

                return;
            }

            await foreach (ListedObject one in _listing.ListAsync(_route, Request.Prefix, Client, _ended))
            {
                Add(1, one.SizeBytes ?? 0);
                await found.WriteAsync(one, _ended);
            }

            MarkListed();
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Whoever ended the job has said why.
        }
        catch (Exception error) when (error is WarmingException or FetchException)
        {
            EndAs(WarmState.Failed, error.Message);
        }
#pragma warning disable CA1031 // There is nobody above: what is not foreseen ends the job, and is told.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            EndByBug(bug);
        }
    }

    /// <summary>Loads what is found. Never throws.</summary>
    private async Task LoadAllAsync(ChannelReader<ListedObject> found)
    {
        try
        {
            await foreach (ListedObject one in found.ReadAllAsync(_ended))
            {
                await LoadAsync(one);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            // Whoever ended the job has said why.
        }
#pragma warning disable CA1031 // There is nobody above: what is not foreseen ends the job, and is told.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            EndByBug(bug);
        }
    }

    private async Task LoadAsync(ListedObject one)
    {
        // Before anything is asked: loads that run at once must not fill the memory beyond its share together.
        long claimed = one.SizeBytes ?? 0;
        string? limit = await _claims.BeginAsync(claimed, _ended);
        if (limit is not null)
        {
            EndAs(WarmState.Stopped, limit);
            return;
        }

        bool isLoaded = false;
        ObjectTarget target = new(new ObjectId(_route.Origin.Identity, _route.OriginBucket, one.OriginKey), _route.Configuration);
        WarmResult result;
        try
        {
            result = await _warmer.WarmAsync(target, Client, TryClaimWhole, AddBytes, _ended);
            isLoaded = result is { WasHere: false, Failure: null };
        }
        finally
        {
            _claims.Settle(isLoaded ? 0 : claimed);
        }

        if (result.HadNoRoom)
        {
            EndAs(WarmState.Stopped, limit ?? "The next object does not fit into the memory that is left.");
            return;
        }

        Count(one, target, result);
        if (IsDrivingOut())
        {
            EndAs(WarmState.Stopped, "The memory is full: what this job has loaded begins to be evicted. Load less, or raise cache.memory.size.");
        }

        // Asked again at each try, when the object may have another size.
        bool TryClaimWhole(long size)
        {
            limit = _claims.Claim(size, claimed);
            claimed = limit is null ? size : claimed;
            return limit is null;
        }
    }

    private void Count(ListedObject one, ObjectTarget target, WarmResult result)
    {
        lock (_lock)
        {
            if (result.Failure is { } reason)
            {
                _failed++;
                if (_failures.Count < MaxFailures)
                {
                    _failures.Add(new WarmFailure(one.OriginKey[Math.Min(_route.Prefix.Length, one.OriginKey.Length)..], reason));
                }

                return;
            }

            _loaded += result.WasHere ? 0 : 1;
            _wereHere += result.WasHere ? 1 : 0;
            if (!result.WasHere && _samples.Count < MaxSamples)
            {
                _samples.Add(target.Id);
            }
        }
    }

    /// <summary>
    /// True when something was evicted since the last look and one of the objects this job loaded first is gone. A write or purge takes objects too, but evicts none.
    /// </summary>
    private bool IsDrivingOut()
    {
        long evictions = _memory.Evictions;
        ObjectId[] samples;
        lock (_lock)
        {
            if (evictions == _evictionsSeen)
            {
                return false;
            }

            _evictionsSeen = evictions;
            samples = [.. _samples];
        }

        return samples.Any(id => _memory.PeekMetadata(id) is not { } known || (known.SizeBytes > 0 && !_memory.ContainsSlice(new SliceKey(known.Version, 0))));
    }

    private void Add(long objects, long bytes)
    {
        lock (_lock)
        {
            _found += objects;
            _foundBytes += bytes;
        }
    }

    private void AddBytes(long bytes)
    {
        lock (_lock)
        {
            _loadedBytes += bytes;
        }
    }

    private void MarkListed()
    {
        lock (_lock)
        {
            _isListed = true;
        }
    }

    private void EndByBug(Exception bug) => EndAs(WarmState.Failed, $"The warm-up met an internal error: {bug.Message}");

    private bool EndAs(WarmState state, string? message)
    {
        lock (_lock)
        {
            if (_endedAt is not null)
            {
                return false;
            }

            _state = state;
            _message = message;
            _endedAt = _timeProvider.GetUtcNow();
            Request = Request with { Keys = null };
        }

        _end.Cancel();
        return true;
    }
}
