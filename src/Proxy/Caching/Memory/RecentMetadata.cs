namespace S3Proxy.Caching.Memory;

/// <summary>
/// Metadata unpacked lately, so that a hot object's is not unpacked at every hit. A place holds the last record that fell on it; what is lost is unpacked again.
/// </summary>
/// <remarks>Thread-safe without a lock: a place is one reference to something immutable, and what it holds is taken only for the very record it was made of.</remarks>
internal sealed class RecentMetadata
{
    private readonly Unpacked?[] _places;

    /// <param name="budgetBytes">Budget of the tier; about a third of a percent of it may be used here, and 16 places at least.</param>
    public RecentMetadata(long budgetBytes) => _places = new Unpacked?[(int)Math.Clamp(budgetBytes / BytesForEachPlace, 16, 4096)];

    private const int BytesForEachPlace = 512 * 1024;

    /// <summary>The metadata in the entry's record.</summary>
    public ObjectMetadata Of(ObjectEntry entry, ObjectId id)
    {
        byte[] record = entry.Record;
        ref Unpacked? place = ref PlaceOf(entry.Hash);
        Unpacked? unpacked = Volatile.Read(ref place);
        if (unpacked is null || !ReferenceEquals(unpacked.Record, record))
        {
            unpacked = new Unpacked(record, ObjectRecord.Unpack(record, id));
            Volatile.Write(ref place, unpacked);
        }

        return unpacked.Metadata;
    }

    /// <summary>Remembers what a record was made of.</summary>
    public void Put(int hash, byte[] record, ObjectMetadata metadata) => Volatile.Write(ref PlaceOf(hash), new Unpacked(record, metadata));

    private ref Unpacked? PlaceOf(int hash) => ref _places[(uint)hash % (uint)_places.Length];

    private sealed record Unpacked(byte[] Record, ObjectMetadata Metadata);
}
