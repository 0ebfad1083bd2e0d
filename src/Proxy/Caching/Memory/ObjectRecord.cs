using Microsoft.Extensions.Primitives;

namespace S3Proxy.Caching.Memory;

/// <summary>
/// An object's metadata as bytes in memory, in a third to a fifth of the room that it takes as objects. Never leaves the process, so its layout has no version:
/// <code>
/// flags, key, bytes of the object, ETag, version id if any, last modified if any, timestamps of question and commit, directives if any, headers, checksums
/// </code>
/// Numbers and texts as <see cref="PackedWriter"/> writes them.
/// </summary>
internal static class ObjectRecord
{
    [Flags]
    private enum Contents
    {
        None = 0,
        KnowsChecksums = 1,
        IsSuspect = 2,
        HasVersionId = 4,
        HasLastModified = 8,
        HasDirectives = 16,
    }

    [Flags]
    private enum Said
    {
        Nothing = 0,
        Lifetime = 1,
        NoStore = 2,
        Private = 4,
        MustRevalidate = 8,
    }

    public static byte[] Pack(ObjectMetadata metadata)
    {
        ObjectVersion version = metadata.Version;
        Contents contents = ContentsOf(metadata);
        PackedWriter writer = new(version.ETag, metadata.LastModified);
        writer.Number((long)contents);
        writer.Text(version.Id.Key);
        writer.Number(version.SizeBytes);
        writer.Tag();
        if ((contents & Contents.HasVersionId) != 0)
        {
            writer.Text(version.VersionId!);
        }

        if (metadata.LastModified is { } modified)
        {
            // Seconds, nearly always; the rest and the offset are zeros then.
            writer.Number(modified.Ticks / TimeSpan.TicksPerSecond);
            writer.Number(modified.Ticks % TimeSpan.TicksPerSecond);
            writer.Number((long)modified.Offset.TotalMinutes);
        }

        writer.Number(metadata.AskedAt);
        writer.Number(metadata.CommittedAt - metadata.AskedAt);
        if ((contents & Contents.HasDirectives) != 0)
        {
            PackDirectives(writer, metadata.Directives);
        }

        PackFields(writer, metadata.Headers);
        PackFields(writer, metadata.Checksums);
        return writer.ToArray();
    }

    /// <summary>Reads back what <see cref="Pack"/> wrote of the object <paramref name="id"/>.</summary>
    public static ObjectMetadata Unpack(byte[] record, ObjectId id)
    {
        PackedReader reader = new(record);
        Contents contents = (Contents)reader.Number();
        reader.SkipText();
        ObjectVersion version = ReadVersion(ref reader, contents, id);
        DateTimeOffset? modified = null;
        if ((contents & Contents.HasLastModified) != 0)
        {
            long ticks = (reader.Number() * TimeSpan.TicksPerSecond) + reader.Number();
            modified = new DateTimeOffset(ticks, TimeSpan.FromMinutes(reader.Number()));
        }

        long askedAt = reader.Number();
        long committedAt = askedAt + reader.Number();
        CacheDirectives directives = (contents & Contents.HasDirectives) != 0 ? UnpackDirectives(ref reader) : CacheDirectives.None;
        HeaderField[] headers = UnpackFields(ref reader, version.ETag, modified);
        return new ObjectMetadata
        {
            Version = version,
            Headers = headers,
            Checksums = UnpackFields(ref reader, version.ETag, modified),
            KnowsChecksums = (contents & Contents.KnowsChecksums) != 0,
            LastModified = modified,
            AskedAt = askedAt,
            CommittedAt = committedAt,
            Directives = directives,
            IsSuspect = (contents & Contents.IsSuspect) != 0,
        };
    }

    /// <summary>Reads the version only.</summary>
    public static ObjectVersion VersionOf(byte[] record, ObjectId id)
    {
        PackedReader reader = new(record);
        Contents contents = (Contents)reader.Number();
        reader.SkipText();
        return ReadVersion(ref reader, contents, id);
    }

    public static string KeyOf(byte[] record)
    {
        PackedReader reader = new(record);
        reader.Number();
        return reader.Text();
    }

    public static bool HasKey(byte[] record, string key)
    {
        PackedReader reader = new(record);
        reader.Number();
        return reader.TextEquals(key);
    }

    /// <summary>True when the record is of <paramref name="version"/>, whose object it is known to be of.</summary>
    public static bool HasVersion(byte[] record, ObjectVersion version)
    {
        PackedReader reader = new(record);
        Contents contents = (Contents)reader.Number();
        reader.SkipText();
        return reader.Number() == version.SizeBytes
            && reader.TextEquals(version.ETag)
            && ((contents & Contents.HasVersionId) != 0 ? version.VersionId is { } versionId && reader.TextEquals(versionId) : version.VersionId is null);
    }

    private static ObjectVersion ReadVersion(ref PackedReader reader, Contents contents, ObjectId id)
    {
        long sizeBytes = reader.Number();
        string etag = reader.Text();
        return new ObjectVersion(id, etag, (contents & Contents.HasVersionId) != 0 ? reader.Text() : null, sizeBytes);
    }

    private static Contents ContentsOf(ObjectMetadata metadata) =>
        (metadata.KnowsChecksums ? Contents.KnowsChecksums : Contents.None)
        | (metadata.IsSuspect ? Contents.IsSuspect : Contents.None)
        | (metadata.Version.VersionId is not null ? Contents.HasVersionId : Contents.None)
        | (metadata.LastModified is not null ? Contents.HasLastModified : Contents.None)
        | (metadata.Directives == CacheDirectives.None ? Contents.None : Contents.HasDirectives);

    private static void PackDirectives(PackedWriter writer, CacheDirectives directives)
    {
        Said said = (directives.Lifetime is not null ? Said.Lifetime : Said.Nothing)
            | (directives.ForbidsStoring ? Said.NoStore : Said.Nothing)
            | (directives.IsPrivate ? Said.Private : Said.Nothing)
            | (directives.MustRevalidate ? Said.MustRevalidate : Said.Nothing);
        writer.Number((long)said);
        writer.Number(directives.Age.Ticks);
        if (directives.Lifetime is { } lifetime)
        {
            writer.Number(lifetime.Ticks);
        }
    }

    private static CacheDirectives UnpackDirectives(ref PackedReader reader)
    {
        Said said = (Said)reader.Number();
        TimeSpan age = new(reader.Number());
        return new CacheDirectives
        {
            Age = age,
            Lifetime = (said & Said.Lifetime) != 0 ? new TimeSpan(reader.Number()) : null,
            ForbidsStoring = (said & Said.NoStore) != 0,
            IsPrivate = (said & Said.Private) != 0,
            MustRevalidate = (said & Said.MustRevalidate) != 0,
        };
    }

    private static void PackFields(PackedWriter writer, HeaderField[] fields)
    {
        writer.Number(fields.Length);
        foreach (HeaderField field in fields)
        {
            writer.Text(field.Name);
            if (field.Value.Count != 1)
            {
                writer.Several(field.Value.Count);
            }

            foreach (string? value in field.Value)
            {
                writer.Value(value ?? "");
            }
        }
    }

    private static HeaderField[] UnpackFields(ref PackedReader reader, string etag, DateTimeOffset? modified)
    {
        int count = (int)reader.Number();
        if (count == 0)
        {
            return [];
        }

        HeaderField[] fields = new HeaderField[count];
        for (int i = 0; i < fields.Length; i++)
        {
            string name = reader.Text();
            if (!reader.TrySeveral(out int several))
            {
                fields[i] = new HeaderField(name, reader.Value(etag, modified));
                continue;
            }

            string[] values = new string[several];
            for (int j = 0; j < values.Length; j++)
            {
                values[j] = reader.Value(etag, modified);
            }

            fields[i] = new HeaderField(name, new StringValues(values));
        }

        return fields;
    }
}
