using Microsoft.Extensions.Primitives;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Caching.Memory;

/// <summary>Requirements C1, S2: what is packed comes back as it was, to the character.</summary>
public sealed class ObjectRecordTests
{
    private const string Md5Tag = "\"0123456789abcdef0123456789abcdef\"";

    private static readonly string[] Texts =
    [
        "", "a", "bytes", "Content-Type", "content-type", "application/json", "été", "日本語/キー", "\ud800", "\0\u007f\u0080", "x y+z%2F//..", new('k', 1024), "\"\"", Md5Tag,
        "\"0123456789ABCDEF0123456789abcdef\"", "\"0123456789abcdef0123456789abcde\"", "W/\"x\"", "Sat, 21 Nov 2026 12:00:00 GMT",
    ];

    private static readonly string[] Tags = [Md5Tag, "\"0123456789abcdef0123456789abcdef-12\"", "\"0123456789ABCDEF0123456789ABCDEF\"", "\"\"", "\"é\""];

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public void Whatever_is_packed_comes_back(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 5000; i++)
        {
            ObjectMetadata metadata = Any(random);
            byte[] record = ObjectRecord.Pack(metadata);

            AssertEqual(metadata, ObjectRecord.Unpack(record, metadata.Version.Id));
            Assert.Equal(metadata.Version, ObjectRecord.VersionOf(record, metadata.Version.Id));
            Assert.Equal(metadata.Version.Id.Key, ObjectRecord.KeyOf(record));
            Assert.True(ObjectRecord.HasKey(record, metadata.Version.Id.Key));
            Assert.True(ObjectRecord.HasVersion(record, metadata.Version));
            ObjectMetadata other = Any(random);
            Assert.Equal(metadata.Version.Id.Key == other.Version.Id.Key, ObjectRecord.HasKey(record, other.Version.Id.Key));
            ObjectVersion otherVersion = new(metadata.Version.Id, other.Version.ETag, other.Version.VersionId, other.SizeBytes);
            Assert.Equal(metadata.Version.Equals(otherVersion), ObjectRecord.HasVersion(record, otherVersion));
        }
    }

    [Fact]
    public void Known_texts_are_one_byte_each_and_none_stands_twice()
    {
        HashSet<string> seen = [];
        foreach (string name in (string[])["Content-Type", "Last-Modified", "AES256", "application/octet-stream", "font/woff2"])
        {
            Assert.True(KnownTexts.TryCode(name, out byte code));
            Assert.Equal(name, KnownTexts.Text(code));
            Assert.True(seen.Add(name));
        }
    }

    [Fact]
    public void A_usual_record_is_a_fraction_of_its_texts()
    {
        DateTimeOffset modified = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        ObjectMetadata metadata = TestObjects.Metadata(new string('k', 40), 1024) with
        {
            LastModified = modified,
            Headers =
            [
                new("Last-Modified", HttpDate.Format(modified)), new("ETag", Md5Tag), new("Content-Type", "application/json"), new("Accept-Ranges", "bytes"),
                new("x-amz-server-side-encryption", "AES256"), new("Server", "AmazonS3"),
            ],
        };

        Assert.InRange(ObjectRecord.Pack(metadata).Length, 40 + 16, 40 + 16 + 34);
    }

    private static ObjectMetadata Any(Random random) => new()
    {
        Version = new ObjectVersion(
            new ObjectId("main", "bucket", Pick(random, Texts)),
            Pick(random, Tags),
            random.Next(3) == 0 ? Pick(random, Texts) : null,
            random.Next(2) == 0 ? random.Next(3) : random.NextInt64()),
        Headers = Fields(random),
        Checksums = Fields(random),
        KnowsChecksums = random.Next(2) == 0,
        IsSuspect = random.Next(2) == 0,
        LastModified = random.Next(4) switch
        {
            0 => null,
            1 => new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks - TimeSpan.TicksPerDay), TimeSpan.Zero),
            2 => new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.FromMinutes(random.Next(-800, 800))),
            _ => new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero),
        },
        AskedAt = random.Next(3) == 0 ? long.MinValue + random.Next(2) : random.NextInt64(),
        CommittedAt = random.Next(3) == 0 ? 0 : random.NextInt64(),
        Directives = random.Next(2) == 0
            ? CacheDirectives.None
            : new CacheDirectives
            {
                Age = new TimeSpan(random.NextInt64()),
                Lifetime = random.Next(2) == 0 ? null : new TimeSpan(random.NextInt64()),
                ForbidsStoring = random.Next(2) == 0,
                IsPrivate = random.Next(2) == 0,
                MustRevalidate = random.Next(2) == 0,
            },
    };

    private static HeaderField[] Fields(Random random) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => new HeaderField(Pick(random, Texts), Values(random)))];

    private static StringValues Values(Random random) =>
        random.Next(4) == 0 ? new StringValues([.. Enumerable.Range(0, random.Next(4)).Select(_ => Pick(random, Texts))]) : new StringValues(Pick(random, Texts));

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    private static void AssertEqual(ObjectMetadata expected, ObjectMetadata actual)
    {
        Assert.Equal(expected.Version, actual.Version);
        Assert.Equal(expected.Headers, actual.Headers);
        Assert.Equal(expected.Checksums, actual.Checksums);
        Assert.Equal(expected.LastModified?.Offset, actual.LastModified?.Offset);
        Assert.Equal(expected with { Version = actual.Version, Headers = actual.Headers, Checksums = actual.Checksums }, actual);
    }
}
