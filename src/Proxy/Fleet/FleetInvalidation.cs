using System.Collections.Concurrent;
using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Invalidation;
using S3Proxy.Telemetry;

namespace S3Proxy.Fleet;

/// <summary>
/// Makes writes and purges through this replica true for all (requirements I1, I2, I4; decision 0015, "Writing" and "Cut off"). This replica itself has been told before.
/// </summary>
/// <remarks>Thread-safe; one for the whole process. No call fails because of Redis: what it cannot be told now waits in the journal, and until then this replica trusts nothing it remembers.</remarks>
internal sealed partial class FleetInvalidation : IAsyncDisposable
{
    /// <summary>Objects in one message: some ten kilobytes of keys.</summary>
    private const int NoticeObjects = 64;

    private readonly ObjectRecords _objects;
    private readonly MemberRecords _members;
    private readonly FleetAnnouncements _announcements;
    private readonly FleetMembership _membership;
    private readonly FleetOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly WriteJournal _journal;
    private readonly ConcurrentDictionary<string, FleetWrite> _writes = new(StringComparer.Ordinal);
    private readonly ITimer _renewal;
    private readonly CancellationTokenSource _stopping = new();
    private Task _renewing = Task.CompletedTask;

    public FleetInvalidation(
        ObjectRecords objects,
        MemberRecords members,
        FleetAnnouncements announcements,
        FleetMembership membership,
        FleetOptions options,
        TimeProvider timeProvider,
        FleetMetrics metrics,
        ILogger<FleetInvalidation> logger)
    {
        _objects = objects;
        _members = members;
        _announcements = announcements;
        _membership = membership;
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _journal = new WriteJournal(options.MaxJournalObjects);
        _membership.BeforeHearing(ReplayAsync);
        metrics.WatchJournal(() => _journal.Count);
        TimeSpan interval = options.IntentLife / 3;
        _renewal = timeProvider.CreateTimer(static self => ((FleetInvalidation)self!).Renew(), this, interval, interval);
    }

    /// <summary>Objects and scopes that Redis has yet to be told of.</summary>
    public int JournalLength => _journal.Count;

    /// <summary>Intents of writes that are under way.</summary>
    public int WriteCount => _writes.Count;

    /// <summary>
    /// Before a write is sent: when this returns, no replica answers from what it remembers of the objects, and none learns anything of them until the write has ended.
    /// </summary>
    public async ValueTask<FleetWrite> BeginAsync(IReadOnlyList<ObjectId> objects, CancellationToken cancellationToken)
    {
        FleetWrite write = new(objects);
        _writes[write.Id] = write;
        try
        {
            if (!await ReachAsync(() => TellBeginAsync(write, cancellationToken), cancellationToken))
            {
                Note(objects, isUnknown: false);
            }
        }
        catch
        {
            // As when the client has left: nothing is sent, and some may have been told that it would be.
            _ = EndAsync(write, WriteOutcome.Refused).AsTask();
            throw;
        }

        return write;
    }

    /// <summary>After the origin's answer, before the client's: the objects can be learnt anew.</summary>
    public async ValueTask EndAsync(FleetWrite write, WriteOutcome outcome)
    {
        _writes.TryRemove(write.Id, out _);
        if (!await ReachAsync(() => TellEndAsync(write, outcome), CancellationToken.None))
        {
            Note(write.Objects, outcome == WriteOutcome.Unknown);
        }
    }

    /// <summary>Has all replicas forget some objects, and their slices too if <paramref name="dropSlices"/>. Null when Redis could not be told yet.</summary>
    public async ValueTask<AnnouncementResult?> PurgeAsync(IReadOnlyList<ObjectId> objects, bool isUnknown, bool dropSlices, CancellationToken cancellationToken)
    {
        AnnouncementResult? result = null;
        await ReachAsync(async () => result = await TellPurgeAsync(objects, isUnknown, dropSlices, cancellationToken), cancellationToken);
        if (result is null)
        {
            Note(objects, isUnknown);
        }

        return result;
    }

    /// <summary>The version that replicas would find in Redis; null for none, and when Redis cannot tell.</summary>
    public async ValueTask<ObjectVersion?> FindVersionAsync(ObjectId id, CancellationToken cancellationToken)
    {
        try
        {
            return await _objects.FindVersionAsync(id, cancellationToken);
        }
        catch (RedisUnavailableException)
        {
            return null;
        }
    }

    /// <summary>Has all replicas forget a scope, and its slices too if <paramref name="dropSlices"/>. Null when Redis could not be told yet.</summary>
    public async ValueTask<AnnouncementResult?> PurgeAsync(CacheScope scope, bool isUnknown, bool dropSlices, CancellationToken cancellationToken)
    {
        AnnouncementResult? result = null;
        await ReachAsync(async () => result = await TellPurgeAsync(scope, isUnknown, dropSlices, cancellationToken), cancellationToken);
        if (result is null)
        {
            _journal.Add(scope);
            _membership.Distrust("a purge could not be told to Redis");
        }

        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _renewal.DisposeAsync();
        await _renewing;
        _stopping.Dispose();
    }

    private async Task TellBeginAsync(FleetWrite write, CancellationToken cancellationToken)
    {
        await _objects.BeginAsync(write.Objects, write.Id, cancellationToken);

        // After the intents: who joins from now on finds them.
        MemberRecords.Listing listing = await _members.ListAsync(cancellationToken);
        await AnnounceAsync(NoticesOf(write.Objects, notice => notice with { Write = write.Id, LifeMilliseconds = LifeMilliseconds }), listing, cancellationToken);
        write.Joins = listing.Joins;
    }

    private async Task TellEndAsync(FleetWrite write, WriteOutcome outcome)
    {
        TimeSpan suspectFor = outcome == WriteOutcome.Unknown ? WriteTracker.UnknownOutcomeLimit : TimeSpan.Zero;
        Task<bool> ended = _objects.EndAsync(write.Objects, write.Id, suspectFor, CancellationToken.None).AsTask();
        Task<MemberRecords.Listing> listed = _members.ListAsync(CancellationToken.None).AsTask();
        await Task.WhenAll(ended, listed);
        MemberRecords.Listing listing = await listed;
        IReadOnlyList<InvalidationNotice> notices = NoticesOf(write.Objects, notice => notice with { Write = write.Id, IsUnknown = outcome == WriteOutcome.Unknown });
        bool wasHeld = await ended && !write.WasForgotten;
        if (wasHeld && listing.Joins == write.Joins)
        {
            _ = TellQuietlyAsync(notices);
            return;
        }

        // Somebody may have been given what is old after the intent was lost, or has joined without having been told of it.
        write.WasForgotten = true;
        await AnnounceAsync(notices, listing, CancellationToken.None);
    }

    private async Task<AnnouncementResult> TellPurgeAsync(IReadOnlyList<ObjectId> objects, bool isUnknown, bool dropSlices, CancellationToken cancellationToken)
    {
        await _objects.RaiseAsync(objects, isUnknown ? WriteTracker.UnknownOutcomeLimit : TimeSpan.Zero, cancellationToken);
        MemberRecords.Listing listing = await _members.ListAsync(cancellationToken);
        return await AnnounceAsync(NoticesOf(objects, notice => notice with { IsUnknown = isUnknown, DropSlices = dropSlices }), listing, cancellationToken);
    }

    private async Task<AnnouncementResult> TellPurgeAsync(CacheScope scope, bool isUnknown, bool dropSlices, CancellationToken cancellationToken)
    {
        (CacheScope recorded, long generation) = await _members.PurgeAsync(scope, cancellationToken);
        _membership.AddPurge(recorded, generation);
        MemberRecords.Listing listing = await _members.ListAsync(cancellationToken);
        InvalidationNotice notice = new() { Scope = PurgedScopes.NameOf(scope), Generation = generation, IsUnknown = isUnknown, DropSlices = dropSlices };
        return await AnnounceAsync([notice], listing, cancellationToken);
    }

    /// <summary>Announces, and where Redis has lost its members waits also for those it cannot name any more.</summary>
    private async Task<AnnouncementResult> AnnounceAsync(IReadOnlyList<InvalidationNotice> notices, MemberRecords.Listing listing, CancellationToken cancellationToken)
    {
        AnnouncementResult result = await _announcements.AnnounceAsync(notices, listing, cancellationToken);
        TimeSpan left = _membership.ForgottenFor(listing.Incarnation);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, _timeProvider, cancellationToken);
        }

        return result;
    }

    /// <summary>Does it, again and again while Redis cannot be reached; false when it could not be until all leases that others may hold were over.</summary>
    private async ValueTask<bool> ReachAsync(Func<Task> tell, CancellationToken cancellationToken)
    {
        long? failingSince = null;
        while (true)
        {
            try
            {
                await tell();
                _membership.Reached(true);
                return true;
            }
            catch (RedisUnavailableException error)
            {
                _membership.Reached(false);
                failingSince ??= _membership.FailingSince ?? _timeProvider.GetTimestamp();
                if (_timeProvider.GetElapsedTime(failingSince.Value) >= _options.Lease + _options.Margin)
                {
                    Log.CutOff(_logger, error);
                    return false;
                }
            }

            await Task.Delay(_options.ResendInterval, _timeProvider, cancellationToken);
        }
    }

    private long LifeMilliseconds => (long)_options.IntentLife.TotalMilliseconds;

    private void Note(IReadOnlyList<ObjectId> objects, bool isUnknown)
    {
        _journal.Add(objects, isUnknown);
        _membership.Distrust("a write could not be told to Redis");
    }

    private async Task TellQuietlyAsync(IReadOnlyList<InvalidationNotice> notices)
    {
        try
        {
            foreach (InvalidationNotice notice in notices)
            {
                await _announcements.TellAsync(notice, _stopping.Token);
            }
        }
        catch (Exception error) when (error is RedisUnavailableException or OperationCanceledException)
        {
            // Replicas that are not told ask the origin about these objects until the intent would have ended by itself.
        }
    }

    private static IReadOnlyList<InvalidationNotice> NoticesOf(IReadOnlyList<ObjectId> objects, Func<InvalidationNotice, InvalidationNotice> complete) =>
        [.. objects.Chunk(NoticeObjects).Select(some => complete(new InvalidationNotice { Names = InvalidationNotice.NamesOf(some) }))];
}
