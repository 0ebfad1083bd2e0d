namespace S3Proxy.Caching.Memory;

/// <summary>
/// Metadata unpacked lately, so that a hot object's is not unpacked at every hit. The entries themselves keep it (<see cref="ObjectEntry.Metadata"/>), a fixed number of them at a time: one that comes takes the
/// place of the one that came first, which is packed again.
/// </summary>
/// <remarks>
/// Thread-safe without a lock. An entry keeps its metadata first and comes to a place then, and is packed again when it leaves that, so no more entries than there are places keep theirs for long. One that came
/// twice is packed once too often, which only costs time; one that is renewed stays in its place. A place may hold an entry that was evicted, for as many others as there are places.
/// </remarks>
internal sealed class RecentMetadata
{
    private const int BytesForEachPlace = 512 * 1024;

    private readonly ObjectEntry?[] _places;
    private int _next;

    /// <param name="budgetBytes">Budget of the tier; about a third of a percent of it may be used here, and 16 places at least.</param>
    public RecentMetadata(long budgetBytes) => _places = new ObjectEntry?[(int)Math.Clamp(budgetBytes / BytesForEachPlace, 16, 4096)];

    /// <summary>How many entries keep their metadata unpacked at most, but for what threads are about to do.</summary>
    public int Places => _places.Length;

    /// <summary>The metadata in the entry's record.</summary>
    public ObjectMetadata Of(ObjectEntry entry, ObjectId id)
    {
        if (entry.Metadata is { } known)
        {
            return known;
        }

        byte[] record = entry.Record;
        ObjectMetadata metadata = ObjectRecord.Unpack(record, id);
        Keep(entry, record, metadata);
        return metadata;
    }

    /// <summary>Keeps what the entry's record was made of; nothing happens if that is another by now, or is kept already.</summary>
    public void Keep(ObjectEntry entry, byte[] record, ObjectMetadata metadata)
    {
        if (!entry.TryKeep(record, metadata))
        {
            return;
        }

        uint place = (uint)Interlocked.Increment(ref _next) % (uint)_places.Length;
        ObjectEntry? first = Interlocked.Exchange(ref _places[place], entry);
        if (!ReferenceEquals(first, entry))
        {
            first?.Pack();
        }
    }
}
