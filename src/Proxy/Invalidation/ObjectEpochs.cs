using S3Proxy.Caching;
using S3Proxy.Caching.Memory;

namespace S3Proxy.Invalidation;

/// <summary>
/// Keeps a fetch that began before an invalidation from being admitted after it (requirement I2), and keeps anything from being admitted while a
/// write is under way. Metadata is committed here and nowhere else.
/// </summary>
/// <remarks>
/// Thread-safe. A stripe's lock protects its epochs, intents and suspicions, and is held while the memory tier is changed, so that commit and
/// invalidation of one object never interleave. Two objects on one epoch only cost each other an admission. What clients know under several Hosts (mode passthrough) is on one epoch, so that to raise
/// it under one name, or under none, bars the fetches and ends the acceptances of all (docs/decisions/0024). The lock of the suspected buckets is taken inside it.
/// </remarks>
internal sealed partial class ObjectEpochs
{
    /// <summary>
    /// Bound on the objects that are remembered one by one after a write of unknown outcome. Where more of them come, all objects that share a stripe with them are
    /// asked about for that time: it costs requests, never a wrong answer.
    /// </summary>
    public const int MaxSuspects = StripeCount * SuspectsPerStripe;

    private const int StripeCount = 256;
    private const int SuspectsPerStripe = 128;
    private const int EpochsPerStripe = 256;

    private readonly MemoryTier _memory;
    private readonly TimeProvider _timeProvider;
    private readonly Stripe[] _stripes = new Stripe[StripeCount];

    public ObjectEpochs(MemoryTier memory, TimeProvider timeProvider)
    {
        _memory = memory;
        _timeProvider = timeProvider;
        for (int i = 0; i < StripeCount; i++)
        {
            _stripes[i] = new Stripe();
        }
    }

    /// <summary>Objects that are remembered after a write of unknown outcome, those whose time is over and that were not swept yet included.</summary>
    public int SuspectCount
    {
        get
        {
            int count = 0;
            foreach (Stripe stripe in _stripes)
            {
                lock (stripe.Lock)
                {
                    count += stripe.SuspectCount;
                }
            }

            return count;
        }
    }

    /// <summary>The epoch to take before asking the origin and to give to <see cref="TryCommit(ObjectMetadata, long)"/>.</summary>
    public long Current(ObjectId id)
    {
        Stripe stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            return stripe.Epochs[EpochOf(id)];
        }
    }

    /// <summary>
    /// Puts metadata into the memory tier, unless the object was invalidated since <paramref name="epoch"/> was taken, a write is under way, or a
    /// later answer is there already. While a write's outcome is unknown the metadata is taken in as suspect, so that each read asks. When it contradicts what was
    /// learnt while it was under way, neither is kept: somebody may have been told of the one that is later, and must not be told of the other.
    /// </summary>
    public bool TryCommit(ObjectMetadata metadata, long epoch) => TryCommit(metadata, epoch, out _);

    /// <inheritdoc cref="TryCommit(ObjectMetadata, long)"/>
    /// <param name="metadata">What the origin told.</param>
    /// <param name="epoch">Taken before it was asked.</param>
    /// <param name="isContradicted">True when something else was learnt meanwhile.</param>
    public bool TryCommit(ObjectMetadata metadata, long epoch, out bool isContradicted)
    {
        ObjectId id = metadata.Version.Id;
        Stripe stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            isContradicted = false;
            if (stripe.Epochs[EpochOf(id)] != epoch || stripe.Intents.ContainsKey(id))
            {
                return false;
            }

            ObjectMetadata? known = _memory.FindMetadata(id);
            isContradicted = known is not null && known.OverlapsWith(metadata.AskedAt) && !known.AgreesWith(metadata);
            if (isContradicted)
            {
                stripe.Epochs[EpochOf(id)]++;
                _memory.RemoveMetadata(id);
                return false;
            }

            if (known?.AskedAt > metadata.AskedAt)
            {
                return false;
            }

            long now = _timeProvider.GetTimestamp();
            return _memory.PutMetadata(metadata with { CommittedAt = now, IsSuspect = metadata.IsSuspect || IsSuspect(stripe, id, now) });
        }
    }

    /// <summary>Drops what is known of an object and bars every fetch that began before. False when nothing was known.</summary>
    public bool Raise(ObjectId id)
    {
        Stripe stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            stripe.Epochs[EpochOf(id)]++;
            return _memory.RemoveMetadata(id);
        }
    }

    /// <summary>Drops metadata that names <paramref name="version"/>, which the origin no longer has as the current one.</summary>
    public void Forget(ObjectVersion version)
    {
        Stripe stripe = StripeOf(version.Id);
        lock (stripe.Lock)
        {
            if (_memory.FindMetadata(version.Id) is { } known && known.Version.Equals(version))
            {
                stripe.Epochs[EpochOf(version.Id)]++;
                _memory.RemoveMetadata(version.Id);
            }
        }
    }

    /// <summary>
    /// Drops what is known of an object and bars every fetch that began before: the origin, asked at <paramref name="askedAt"/>, has told that the object is gone, or
    /// is not what may be shared. False when something else was learnt meanwhile, so that nobody knows which of the two is the later state. What was learnt after an
    /// invalidation since <paramref name="epoch"/> was taken is the later one, and stays.
    /// </summary>
    public bool Contradict(ObjectId id, long askedAt, long epoch)
    {
        Stripe stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            bool isLatest = _memory.FindMetadata(id) is not { } known || !known.OverlapsWith(askedAt);
            if (!isLatest && stripe.Epochs[EpochOf(id)] != epoch)
            {
                return true;
            }

            stripe.Epochs[EpochOf(id)]++;
            _memory.RemoveMetadata(id);
            return isLatest;
        }
    }

    /// <summary>True while a write of the object is under way, or one may yet be committed: nothing about the object may be remembered as fresh.</summary>
    public bool IsUncertain(ObjectId id)
    {
        Stripe stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            return stripe.Intents.ContainsKey(id) || IsSuspect(stripe, id, _timeProvider.GetTimestamp());
        }
    }

    /// <summary>As <see cref="Raise(ObjectId)"/>, after a write of unknown outcome: for so long metadata is only admitted as suspect.</summary>
    public bool Raise(ObjectId id, TimeSpan suspectFor)
    {
        Stripe stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            long now = _timeProvider.GetTimestamp();
            stripe.Suspect(id, now, After(now, suspectFor));
            return Raise(id);
        }
    }

    /// <summary>Records that a write of the object is about to be sent: from now on nothing is admitted.</summary>
    public void EnterWrite(ObjectId id)
    {
        Stripe stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            stripe.Intents[id] = stripe.Intents.GetValueOrDefault(id) + 1;
            stripe.Epochs[EpochOf(id)]++;
            _memory.RemoveMetadata(id);
        }
    }

    /// <summary>
    /// Takes one intent of <see cref="EnterWrite"/> back and raises the epoch. With <paramref name="suspectFor"/> above zero the outcome is unknown:
    /// for that long metadata is only admitted as suspect.
    /// </summary>
    public void LeaveWrite(ObjectId id, TimeSpan suspectFor)
    {
        Stripe stripe = StripeOf(id);
        lock (stripe.Lock)
        {
            int left = stripe.Intents[id] - 1;
            if (left == 0)
            {
                stripe.Intents.Remove(id);
            }
            else
            {
                stripe.Intents[id] = left;
            }

            stripe.Epochs[EpochOf(id)]++;
            _memory.RemoveMetadata(id);
            if (suspectFor > TimeSpan.Zero)
            {
                long now = _timeProvider.GetTimestamp();
                stripe.Suspect(id, now, After(now, suspectFor));
            }
        }
    }

    private long After(long now, TimeSpan time) => now + (long)(time.TotalSeconds * _timeProvider.TimestampFrequency);

    private bool IsSuspect(Stripe stripe, ObjectId id, long now) => stripe.IsSuspect(id, now) || IsBucketSuspect(id, now);

    private static int EpochOf(ObjectId id) => (int)((uint)id.HashOfPlace / StripeCount % EpochsPerStripe);

    private Stripe StripeOf(ObjectId id) => _stripes[(uint)id.HashOfPlace % StripeCount];

    private sealed class Stripe
    {
        private const int SweepAbove = 64;
        private readonly Dictionary<ObjectId, long> _suspects = [];
        private long _allSuspectUntil = long.MinValue;

        public int SuspectCount => _suspects.Count;

        public Lock Lock { get; } = new();

        public long[] Epochs { get; } = new long[EpochsPerStripe];

        public Dictionary<ObjectId, int> Intents { get; } = [];

        public bool IsSuspect(ObjectId id, long now) =>
            now < _allSuspectUntil || (_suspects.TryGetValue(id, out long until) && now < until);

        public void Suspect(ObjectId id, long now, long until)
        {
            if (_suspects.Count >= SweepAbove)
            {
                foreach ((ObjectId known, long end) in _suspects)
                {
                    if (end <= now)
                    {
                        _suspects.Remove(known);
                    }
                }
            }

            if (_suspects.Count < SuspectsPerStripe || _suspects.ContainsKey(id))
            {
                _suspects[id] = until;
            }
            else
            {
                _allSuspectUntil = Math.Max(_allSuspectUntil, until);
            }
        }
    }
}
