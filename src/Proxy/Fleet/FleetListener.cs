using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;

namespace S3Proxy.Fleet;

/// <summary>Carries out what other replicas tell: forgets, notes the writes that are under way elsewhere as it notes its own, and acknowledges (requirements I1, I2, I4).</summary>
/// <remarks>
/// Thread-safe. Messages of the kind come one at a time. <c>_lock</c> protects the notes and their timer; epochs and flights are changed under it, their locks are taken inside it.
/// </remarks>
internal sealed class FleetListener : IDisposable
{
    /// <summary>Writes of other replicas that are noted; beyond, their objects are suspect for as long.</summary>
    private const int MaxNotes = 4_096;

    /// <summary>For how long a message about a write may come after the one that it has ended.</summary>
    private static readonly TimeSpan LateMessages = TimeSpan.FromMinutes(1);

    private readonly FleetChannel _channel;
    private readonly FleetMembership _membership;
    private readonly WriteTracker _writes;
    private readonly LocalPurge _purge;
    private readonly TimeProvider _timeProvider;
    private readonly ExpiringMarks<string, bool> _ended;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Note> _notes = new(StringComparer.Ordinal);
    private readonly ITimer _sweep;

    public FleetListener(FleetChannel channel, FleetMembership membership, WriteTracker writes, LocalPurge purge, TimeProvider timeProvider)
    {
        _channel = channel;
        _membership = membership;
        _writes = writes;
        _purge = purge;
        _timeProvider = timeProvider;
        _ended = new ExpiringMarks<string, bool>(timeProvider);
        _sweep = timeProvider.CreateTimer(static self => ((FleetListener)self!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _channel.On(FleetMessageKind.Invalidate, OnInvalidate);
    }

    /// <summary>Writes that other replicas have under way, as far as they told.</summary>
    public int NoteCount
    {
        get
        {
            lock (_lock)
            {
                return _notes.Count;
            }
        }
    }

    public void Dispose()
    {
        _sweep.Dispose();
        lock (_lock)
        {
            foreach (Note note in _notes.Values)
            {
                note.Release(WriteOutcome.Refused);
            }

            _notes.Clear();
        }
    }

    private void OnInvalidate(FleetMessage message)
    {
        if (string.Equals(message.From, _channel.Replica, StringComparison.Ordinal))
        {
            // Done before it was sent.
            return;
        }

        InvalidationNotice notice = InvalidationNotice.Decode(message.Payload.Span);
        if (notice.PurgedScope() is { } scope)
        {
            _membership.AddPurge(scope, notice.Generation);
        }
        else if (notice.Write is { } write)
        {
            Heed(write, notice);
        }

        if (notice.Scope is not null || notice.DropSlices)
        {
            // Looks at everything in memory: not while other messages wait.
            _ = Task.Run(() => Carry(message.From, notice));
        }
        else
        {
            Carry(message.From, notice);
        }
    }

    /// <summary>Notes that a write is under way or, where nothing is left of its life, takes the note back.</summary>
    private void Heed(string write, InvalidationNotice notice)
    {
        lock (_lock)
        {
            if (notice.LifeMilliseconds <= 0)
            {
                _ended.Set(write, true, LateMessages);
                if (_notes.Remove(write, out Note? ended))
                {
                    ended.Release(notice.IsUnknown ? WriteOutcome.Unknown : WriteOutcome.Done);
                }

                return;
            }

            if (_ended.TryGet(write, out _))
            {
                return;
            }

            long until = _timeProvider.GetTimestamp() + (notice.LifeMilliseconds * _timeProvider.TimestampFrequency / 1_000);
            if (!_notes.TryGetValue(write, out Note? note))
            {
                if (_notes.Count >= MaxNotes)
                {
                    _purge.Purge(notice.Objects(), TimeSpan.FromMilliseconds(notice.LifeMilliseconds), dropSlices: false);
                    return;
                }

                _notes[write] = note = new Note();
            }

            note.Until = until;
            note.Add(_writes, notice.Objects());
            _sweep.Change(TimeSpan.FromMilliseconds(notice.LifeMilliseconds) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private void Carry(string from, InvalidationNotice notice)
    {
        TimeSpan suspectFor = notice.IsUnknown ? WriteTracker.UnknownOutcomeLimit : TimeSpan.Zero;
        PurgeCount count = notice.PurgedScope() is { } scope
            ? _purge.Purge(scope, suspectFor, notice.DropSlices)
            : _purge.Purge(notice.Objects(), suspectFor, notice.DropSlices);
        if (notice.Id is { } id)
        {
            _ = AcknowledgeAsync(from, new InvalidationReceipt(id, count.Objects, count.Slices));
        }
    }

    private async Task AcknowledgeAsync(string to, InvalidationReceipt receipt)
    {
        try
        {
            await _channel.SendAsync(to, FleetMessageKind.Acknowledge, receipt.Encode(), CancellationToken.None);
        }
        catch (RedisUnavailableException)
        {
            // It is told again, or waits for our lease.
        }
    }

    /// <summary>Takes back the notes of writers that have died. They counted for as long as what they wrote might yet be committed.</summary>
    private void Sweep()
    {
        lock (_lock)
        {
            long now = _timeProvider.GetTimestamp();
            long next = long.MaxValue;
            foreach ((string write, Note note) in _notes)
            {
                if (note.Until <= now)
                {
                    _notes.Remove(write);
                    note.Release(WriteOutcome.Refused);
                }
                else
                {
                    next = Math.Min(next, note.Until);
                }
            }

            if (next != long.MaxValue)
            {
                _sweep.Change(_timeProvider.GetElapsedTime(now, next) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>A write of another replica, noted as one of our own. Belongs to the lock.</summary>
    private sealed class Note
    {
        private readonly HashSet<ObjectId> _objects = [];
        private readonly List<WriteIntent> _intents = [];

        public long Until { get; set; }

        /// <summary>Notes objects; those that are noted already are told again, as when their message was repeated.</summary>
        public void Add(WriteTracker writes, ObjectId[] objects)
        {
            ObjectId[] further = [.. objects.Where(_objects.Add)];
            if (further.Length > 0)
            {
                _intents.Add(writes.Begin(further));
            }
        }

        public void Release(WriteOutcome outcome)
        {
            foreach (WriteIntent intent in _intents)
            {
                intent.End(outcome);
            }
        }
    }
}
