using S3Proxy.Coalescing;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// An object in memory: its metadata as an <see cref="ObjectRecord"/>, and the body as well when that is small and in one slice. A million of these are the rule, so
/// an entry is one object, its record another and its body a third.
/// </summary>
/// <remarks>Of one version for ever: what is renewed is told of the same version, so a body that was found here belongs to the version that was asked for.</remarks>
internal sealed class ObjectEntry : CacheEntry
{
    /// <summary>Bytes of an entry, of its place in the table and of its share of the policy's sketch.</summary>
    private const int FixedBytes = 80 + ObjectTable.PlaceBytes + FrequencySketch.EntryBytes;

    /// <summary>Header and length of the array that a record is, and what rounding up to 8 costs on average.</summary>
    private const int ArrayBytes = 28;

    /// <summary>The record; or an <see cref="UnpackedRecord"/> while its metadata is kept as well.</summary>
    private volatile object _record;
    private volatile SharedBody? _body;
    private volatile ObjectEntry? _next;

    public ObjectEntry(int hash, SharedBucket bucket, byte[] record)
        : base(hash, BytesOf(record))
    {
        Bucket = bucket;
        _record = record;
    }

    /// <summary>Where the object lies, one for all objects of the bucket.</summary>
    public SharedBucket Bucket { get; }

    /// <inheritdoc/>
    public override BucketId Place => Bucket.Id;

    /// <summary>The metadata, packed.</summary>
    public byte[] Record => RecordOf(_record);

    /// <summary>The metadata, while it is kept beside the record; otherwise null. Any thread.</summary>
    public ObjectMetadata? Metadata => (_record as UnpackedRecord)?.Metadata;

    /// <summary>The whole body, with a reference of its own; null when it is not here. Set under the tier's lock.</summary>
    public SharedBody? Body
    {
        get => _body;
        set => _body = value;
    }

    /// <summary>The next entry of the table's bucket. Set under the tier's lock.</summary>
    public ObjectEntry? Next
    {
        get => _next;
        set => _next = value;
    }

    /// <summary>What an entry with this record costs beside its body.</summary>
    public static int BytesOf(byte[] record) => FixedBytes + ArrayBytes + record.Length;

    public bool IsOf(ObjectId id) => Hash == id.GetHashCode() && Bucket.Id.Holds(id) && ObjectRecord.HasKey(Record, id.Key);

    /// <summary>Makes the identity anew; the entry has none of its own.</summary>
    public ObjectId MakeId() => new(Bucket.Id.Origin, Bucket.Id.Bucket, ObjectRecord.KeyOf(Record));

    /// <summary>Puts metadata of the same version in the place of what was known. It is kept beside the record if that of the old one was. Under the tier's lock.</summary>
    public void Renew(byte[] record, ObjectMetadata metadata)
    {
        object before = _record;
        if (before is not UnpackedRecord || !ReferenceEquals(Interlocked.CompareExchange(ref _record, new UnpackedRecord(record, metadata), before), before))
        {
            _record = record;
        }
    }

    /// <summary>Keeps the metadata beside the record that was made of it; false when the record is another by now, or somebody has done so. Any thread.</summary>
    public bool TryKeep(byte[] record, ObjectMetadata metadata) => ReferenceEquals(Interlocked.CompareExchange(ref _record, new UnpackedRecord(record, metadata), record), record);

    /// <summary>Keeps the record alone. Any thread.</summary>
    public void Pack()
    {
        // Again if it was renewed meanwhile: whoever renews relies on its place.
        while (_record is UnpackedRecord unpacked)
        {
            Interlocked.CompareExchange(ref _record, unpacked.Record, unpacked);
        }
    }

    private static byte[] RecordOf(object record) => record as byte[] ?? ((UnpackedRecord)record).Record;
}
