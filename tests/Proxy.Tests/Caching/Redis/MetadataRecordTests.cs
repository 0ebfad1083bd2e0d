using Microsoft.Extensions.Primitives;
using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>Requirements C3, C6.</summary>
public sealed class MetadataRecordTests
{
    private const string Golden = "tests/Proxy.Tests/Caching/Redis/golden/metadata-1.bin";

    private static readonly ObjectMetadata Rich = new()
    {
        Version = new ObjectVersion(new ObjectId("main", "bucket", "käy/+ %2F"), "\"abc\"", "v1.2", 5_000_000_000),
        Headers =
        [
            new HeaderField("ETag", "\"abc\""),
            new HeaderField("x-amz-meta-name", "Grüße \u00ff"),
            new HeaderField("Cache-Control", new StringValues(["max-age=5", "public"])),
            new HeaderField("x-amz-meta-empty", ""),
        ],
        Checksums = [new HeaderField("x-amz-checksum-crc32c", "AAAAAA==")],
        KnowsChecksums = true,
        LastModified = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero),
        AskedAt = 77,
        Directives = new CacheDirectives { Lifetime = TimeSpan.FromSeconds(5), Age = TimeSpan.FromSeconds(2), MustRevalidate = true },
    };

    private static readonly ObjectMetadata Poor = new()
    {
        Version = new ObjectVersion(new ObjectId("o", "b", "k"), "\"\"", null, 0),
        Headers = [],
        Checksums = [],
        KnowsChecksums = false,
        AskedAt = 77,
        Directives = new CacheDirectives { ForbidsStoring = true, IsPrivate = true },
    };

    public static TheoryData<string> Kinds => ["rich", "poor"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_is_written_is_read(string kind)
    {
        ObjectMetadata metadata = kind == "rich" ? Rich : Poor;

        ObjectMetadata? read = MetadataRecord.Read(MetadataRecord.Write(metadata), metadata.Version.Id, 77, out RecordProblem problem);

        Assert.Equal(RecordProblem.None, problem);
        AssertSame(metadata, read!);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_flipped_bit_every_cut_and_every_byte_more_is_refused(string kind)
    {
        ObjectMetadata metadata = kind == "rich" ? Rich : Poor;
        byte[] record = MetadataRecord.Write(metadata);
        for (int bit = 0; bit < record.Length * 8; bit++)
        {
            byte[] flipped = [.. record];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(MetadataRecord.Read(flipped, metadata.Version.Id, 77, out RecordProblem problem));
            Assert.NotEqual(RecordProblem.None, problem);
        }

        for (int length = 0; length < record.Length; length++)
        {
            Assert.Null(MetadataRecord.Read(record.AsSpan(0, length), metadata.Version.Id, 77, out _));
        }

        Assert.Null(MetadataRecord.Read([.. record, 0], metadata.Version.Id, 77, out _));
    }

    [Fact]
    public void A_record_of_another_object_or_layout_is_refused_as_such()
    {
        byte[] record = MetadataRecord.Write(Rich);

        Assert.Null(MetadataRecord.Read(record, Poor.Version.Id, 77, out RecordProblem other));
        Assert.Equal(RecordProblem.OtherIdentity, other);
        record[4] = 2;
        Assert.Null(MetadataRecord.Read(record, Rich.Version.Id, 77, out RecordProblem later));
        Assert.Equal(RecordProblem.UnknownLayout, later);
    }

    [Fact]
    public void A_record_of_layout_1_is_read_for_ever()
    {
        byte[] record = File.ReadAllBytes(Repository.PathOf(Golden));

        AssertSame(Rich, MetadataRecord.Read(record, Rich.Version.Id, 77, out _)!);
        Assert.Equal(record, MetadataRecord.Write(Rich));
    }

    private static void AssertSame(ObjectMetadata expected, ObjectMetadata actual)
    {
        Assert.Equal(expected.Headers, actual.Headers);
        Assert.Equal(expected.Checksums, actual.Checksums);
        Assert.Equal(expected with { Headers = actual.Headers, Checksums = actual.Checksums }, actual);
    }
}
