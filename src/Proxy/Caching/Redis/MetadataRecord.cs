using Microsoft.Extensions.Primitives;
using S3Proxy.Protocol;
using S3Proxy.Protocol.Checksums;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// An object's metadata as bytes for other replicas (requirements C3, C6). Layout 1, numbers little-endian, a text is its length in bytes (4) and UTF-8:
/// <code>
///  0  4  "S3PM"
///  4  1  layout, 1
///  5  1  flags: 1 knows checksums, 2 version id, 4 last modified, 8 lifetime, 16 no-store, 32 private, 64 must revalidate
///  6 32  identity of the object (RedisKeys.Identity)
/// 38  8  bytes of the object
/// 46  8  last modified, in ticks (100 ns since year 1, UTC); 0 without
/// 54  8  lifetime that the origin gave, in ticks; 0 without
/// 62  8  age that the origin told, in ticks
/// 70     texts: ETag, version id (empty without)
///        headers, then checksums: number of fields (4), and of each the name, the number of values (4), the values
/// end 4  CRC-32C of all before
/// </code>
/// When the origin was asked is not in it: clocks of replicas differ, so Redis tells it as an age.
/// </summary>
internal static class MetadataRecord
{
    private const byte Layout = 1;
    private const int LeastFieldBytes = 8;
    private const int LeastValueBytes = 4;

    [Flags]
    private enum Flags : byte
    {
        None = 0,
        KnowsChecksums = 1,
        HasVersionId = 2,
        HasLastModified = 4,
        HasLifetime = 8,
        ForbidsStoring = 16,
        IsPrivate = 32,
        MustRevalidate = 64,
        All = 127,
    }

    private static ReadOnlySpan<byte> Magic => "S3PM"u8;

    public static byte[] Write(ObjectMetadata metadata)
    {
        CacheDirectives directives = metadata.Directives;
        RecordWriter record = new();
        record.Bytes(Magic);
        record.Byte(Layout);
        record.Byte((byte)FlagsOf(metadata));
        record.Bytes(RedisKeys.Identity(metadata.Version.Id));
        record.Int64(metadata.SizeBytes);
        record.Int64(metadata.LastModified?.UtcTicks ?? 0);
        record.Int64(directives.Lifetime?.Ticks ?? 0);
        record.Int64(directives.Age.Ticks);
        record.Text(metadata.Version.ETag);
        record.Text(metadata.Version.VersionId ?? "");
        WriteFields(record, metadata.Headers);
        WriteFields(record, metadata.Checksums);
        record.Int32((int)Crc32C.Finish(Crc32C.Append(Crc32C.Start, record.Written)));
        return record.ToArray();
    }

    /// <summary>Reads a record of the object <paramref name="id"/>.</summary>
    /// <param name="record">Any bytes whatever.</param>
    /// <param name="id">Whose it must be.</param>
    /// <param name="askedAt">Timestamp of our time provider when the origin was asked.</param>
    /// <param name="problem">Why it is refused.</param>
    /// <returns>Null when it is refused.</returns>
    public static ObjectMetadata? Read(ReadOnlySpan<byte> record, ObjectId id, long askedAt, out RecordProblem problem)
    {
        RecordReader reader = new(record);
        problem = !reader.Bytes(Magic.Length).SequenceEqual(Magic) ? RecordProblem.Malformed
            : reader.Byte() != Layout ? RecordProblem.UnknownLayout
            : !HasChecksum(record) ? RecordProblem.Corrupt
            : RecordProblem.None;
        if (problem != RecordProblem.None)
        {
            return null;
        }

        Flags flags = (Flags)reader.Byte();
        ReadOnlySpan<byte> identity = reader.Bytes(RedisKeys.IdentityBytes);
        if (!reader.IsBroken && !identity.SequenceEqual(RedisKeys.Identity(id)))
        {
            problem = RecordProblem.OtherIdentity;
            return null;
        }

        ObjectMetadata? metadata = ReadRest(ref reader, id, flags, askedAt);
        problem = metadata is null ? RecordProblem.Malformed : RecordProblem.None;
        return metadata;
    }

    private static Flags FlagsOf(ObjectMetadata metadata) =>
        (metadata.KnowsChecksums ? Flags.KnowsChecksums : Flags.None)
        | (metadata.Version.VersionId is not null ? Flags.HasVersionId : Flags.None)
        | (metadata.LastModified is not null ? Flags.HasLastModified : Flags.None)
        | (metadata.Directives.Lifetime is not null ? Flags.HasLifetime : Flags.None)
        | (metadata.Directives.ForbidsStoring ? Flags.ForbidsStoring : Flags.None)
        | (metadata.Directives.IsPrivate ? Flags.IsPrivate : Flags.None)
        | (metadata.Directives.MustRevalidate ? Flags.MustRevalidate : Flags.None);

    private static bool HasChecksum(ReadOnlySpan<byte> record)
    {
        RecordReader end = new(record[^Math.Min(record.Length, sizeof(int))..]);
        uint stored = (uint)end.Int32();
        return !end.IsBroken && stored == Crc32C.Finish(Crc32C.Append(Crc32C.Start, record[..^sizeof(int)]));
    }

    private static ObjectMetadata? ReadRest(ref RecordReader reader, ObjectId id, Flags flags, long askedAt)
    {
        long sizeBytes = reader.Int64();
        long lastModified = reader.Int64();
        long lifetime = reader.Int64();
        long age = reader.Int64();
        string etag = reader.Text();
        string versionId = reader.Text();
        HeaderField[] headers = ReadFields(ref reader);
        HeaderField[] checksums = ReadFields(ref reader);
        if (reader.IsBroken || reader.RestBytes != sizeof(int) || (flags & ~Flags.All) != 0
            || sizeBytes < 0 || lifetime < 0 || age < 0 || lastModified < 0 || lastModified > DateTimeOffset.MaxValue.Ticks
            || !EntityTag.TryParse(etag, out EntityTag tag) || tag.IsWeak)
        {
            return null;
        }

        return new ObjectMetadata
        {
            Version = new ObjectVersion(id, etag, flags.HasFlag(Flags.HasVersionId) ? versionId : null, sizeBytes),
            Headers = headers,
            Checksums = checksums,
            KnowsChecksums = flags.HasFlag(Flags.KnowsChecksums),
            LastModified = flags.HasFlag(Flags.HasLastModified) ? new DateTimeOffset(lastModified, TimeSpan.Zero) : null,
            AskedAt = askedAt,
            Directives = new CacheDirectives
            {
                Lifetime = flags.HasFlag(Flags.HasLifetime) ? new TimeSpan(lifetime) : null,
                Age = new TimeSpan(age),
                ForbidsStoring = flags.HasFlag(Flags.ForbidsStoring),
                IsPrivate = flags.HasFlag(Flags.IsPrivate),
                MustRevalidate = flags.HasFlag(Flags.MustRevalidate),
            },
        };
    }

    private static void WriteFields(RecordWriter record, HeaderField[] fields)
    {
        record.Int32(fields.Length);
        foreach (HeaderField field in fields)
        {
            record.Text(field.Name);
            record.Int32(field.Value.Count);
            foreach (string? value in field.Value)
            {
                record.Text(value ?? "");
            }
        }
    }

    private static HeaderField[] ReadFields(ref RecordReader reader)
    {
        HeaderField[] fields = new HeaderField[reader.Count(LeastFieldBytes)];
        for (int i = 0; i < fields.Length; i++)
        {
            string name = reader.Text();
            string[] values = new string[reader.Count(LeastValueBytes)];
            for (int j = 0; j < values.Length; j++)
            {
                values[j] = reader.Text();
            }

            fields[i] = new HeaderField(name, values.Length == 1 ? new StringValues(values[0]) : new StringValues(values));
        }

        return fields;
    }
}
