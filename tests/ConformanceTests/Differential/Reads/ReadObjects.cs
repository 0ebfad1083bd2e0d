using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace S3Proxy.ConformanceTests.Differential.Reads;

/// <summary>The objects that the read tables ask for, and the values of theirs that requests name.</summary>
internal static partial class ReadObjects
{
    public const string Bucket = "reads";
    public const string VersionedBucket = "reads-versioned";
    public const string PublicBucket = "reads-public";
    public const string Plain = "plain";
    public const string Empty = "empty";
    public const string Multipart = "multipart";
    public const string Encrypted = "encrypted";
    public const int PlainBytes = 200_000;

    /// <summary>Tricky keys as a path has them, each for an object of its own.</summary>
    public static IReadOnlyList<string> TrickyKeys { get; } =
    [
        "a+b", "a%2Bb", "a%20b", "a(b)", "a%28c%29", "a%2Fb/c", "a//b", "//a", "/a", "a/", "a/./b", "a/../b", "..%2Fup", "./a", "a%25b", "a%252Fb", "a&b=c", "a;b", "a,b", "a:b@c", "a$b!c*d'e",
        "a~b_c-d.e", "a%22b%22", "a%3Cb%3E", "a%3Fb%23c", "a%5Bb%5D", "a%5Cb", "a%7Cb%7B%7D%5E%60", "%C3%A9t%C3%A9", "%E6%97%A5%E6%9C%AC", "%F0%9F%98%80", "e%CC%81", "a%09b", "a%0Ab", "a%7Fb", "%20a%20",
        "...", "index.html", new string('k', 1024), string.Concat(Enumerable.Repeat("%E6%97%A5", 341)) + "x", "a=b", "acl", "a%3Facl", "a%2520b",
    ];

    /// <summary>Base64 of the key of the encrypted object, and of the MD5 of it.</summary>
    public static (string Key, string Digest) CustomerKey { get; } = KeyAndDigest("0123456789abcdef0123456789abcdef");

    public static (string Key, string Digest) OtherCustomerKey { get; } = KeyAndDigest("fedcba9876543210fedcba9876543210");

    public static byte[] Content(int bytes, int seed = 0)
    {
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++)
        {
            content[i] = (byte)((i * 31) + (i >> 8) + seed);
        }

        return content;
    }

    public static S3Call WithCustomerKey(this S3Call call, (string Key, string Digest) key, string prefix = "x-amz-") => call
        .With($"{prefix}server-side-encryption-customer-algorithm", "AES256")
        .With($"{prefix}server-side-encryption-customer-key", key.Key)
        .With($"{prefix}server-side-encryption-customer-key-MD5", key.Digest);

    /// <summary>Makes all of them at the server, and returns what requests name of them.</summary>
    public static async Task<OpaqueValues> PrepareAsync(S3Side direct)
    {
        OpaqueValues values = new(Bucket);
        Writer writer = new(direct, values);
        await writer.DoAsync(S3Call.Put(null));
        await writer.DoAsync(S3Call.Put(Plain, Content(PlainBytes)).With("Content-Type", "text/plain"));
        await writer.DoAsync(S3Call.Put(Empty));
        await PutUnusualAsync(writer);
        await PutMultipartAsync(writer);
        await writer.DoAsync(S3Call.Put(Encrypted, Content(5000)).WithCustomerKey(CustomerKey));
        for (int i = 0; i < TrickyKeys.Count; i++)
        {
            await writer.DoAsync(S3Call.Put(TrickyKeys[i], Content(100 + i, seed: i)));
        }

        foreach (string key in new[] { "list/a", "list/b/1", "list/b/2", "list/c%20d", "list/e+f", "list/g%26h", "list/%C3%A9", "list/z" })
        {
            await writer.DoAsync(S3Call.Put(key, Content(10)));
        }

        await PutVersionsAsync(writer);
        await writer.DoAsync(S3Call.Put(null).With("x-amz-acl", "public-read") with { Bucket = PublicBucket });
        await writer.DoAsync(S3Call.Put(Plain, Content(PlainBytes)).With("x-amz-acl", "public-read").With("Content-Type", "text/plain") with { Bucket = PublicBucket });
        await writer.DoAsync(S3Call.Put("private", Content(100)) with { Bucket = PublicBucket });
        await NamePlainAsync(writer, values);
        return values;
    }

    private static async Task PutUnusualAsync(Writer writer)
    {
        S3Call call = S3Call.Put("headers", Content(300))
            .With("Content-Type", "application/x-unusual; charset=\"utf-8\"")
            .With("Cache-Control", "max-age=60, no-transform")
            .With("Content-Disposition", "attachment; filename=\"a b.txt\"; filename*=UTF-8''%C3%A9.txt")
            .With("Content-Encoding", "gzip")
            .With("Content-Language", "de, en")
            .With("Expires", "Thu, 01 Dec 2044 16:00:00 GMT")
            .With("x-amz-meta-plain", "value")
            .With("x-amz-meta-Upper-Case", "Value With Spaces")
            .With("x-amz-meta-empty", "")
            .With("x-amz-meta-utf8", Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("Grüße 日本")))
            .With("x-amz-meta-quoted", "=?UTF-8?B?R3LDvMOfZQ==?=")
            .With("x-amz-meta-long", new string('v', 1500))
            .With("x-amz-tagging", "a=1&b=2")
            .With("x-amz-website-redirect-location", "/elsewhere")
            .With("x-amz-storage-class", "STANDARD");
        await writer.DoAsync(call);
        await writer.DoAsync(S3Call.Put("no-cache", Content(300)).With("Cache-Control", "no-store, private").With("Expires", "0"));
        await writer.DoAsync(S3Call.Put("no-type", Content(300)));
    }

    private static async Task PutMultipartAsync(Writer writer)
    {
        S3Answer started = await writer.DoAsync(S3Call.Post(Multipart, "uploads").With("x-amz-meta-made", "in-parts"));
        string upload = UploadId().Match(started.Text).Groups[1].Value;
        StringBuilder parts = new();
        foreach (int number in new[] { 1, 2 })
        {
            byte[] content = Content(number == 1 ? 5 << 20 : 100_000, seed: number);
            S3Answer part = await writer.DoAsync(S3Call.Put(Multipart, content, $"partNumber={number}&uploadId={upload}"));
            parts.Append(CultureInfo.InvariantCulture, $"<Part><PartNumber>{number}</PartNumber><ETag>{part.Headers["ETag"]}</ETag></Part>");
        }

        await writer.DoAsync(S3Call.Post(Multipart, $"uploadId={upload}", $"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"));
        S3Answer open = await writer.DoAsync(S3Call.Post("list/unfinished", "uploads"));
        await writer.DoAsync(S3Call.Put("list/unfinished", Content(1000), $"partNumber=1&uploadId={UploadId().Match(open.Text).Groups[1].Value}"));
        await writer.DoAsync(S3Call.Post("list/unfinished%20b+c", "uploads"));
    }

    /// <summary>Names version1 and version2 (object "twice") and version3 and version4 (object and delete marker "gone").</summary>
    private static async Task PutVersionsAsync(Writer writer)
    {
        await writer.DoAsync(S3Call.Put(null) with { Bucket = VersionedBucket });
        await writer.DoAsync(S3Call.Put("before", Content(50)) with { Bucket = VersionedBucket });
        S3Call versioning = S3Call.Put(null, query: "versioning").WithText("<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
        await writer.DoAsync(versioning with { Bucket = VersionedBucket });
        await writer.DoAsync(S3Call.Put("twice", Content(1000, seed: 1)) with { Bucket = VersionedBucket });
        await writer.DoAsync(S3Call.Put("twice", Content(1200, seed: 2)) with { Bucket = VersionedBucket });
        await writer.DoAsync(S3Call.Put("gone", Content(700, seed: 3)) with { Bucket = VersionedBucket });
        await writer.DoAsync(S3Call.Delete("gone") with { Bucket = VersionedBucket });
    }

    private static async Task NamePlainAsync(Writer writer, OpaqueValues values)
    {
        S3Answer plain = await writer.DoAsync(S3Call.Head(Plain));
        DateTimeOffset modified = DateTimeOffset.Parse(plain.Headers["Last-Modified"], CultureInfo.InvariantCulture);
        values.Name("{etag}", plain.Headers["ETag"].Trim('"'));
        values.Name("{modified}", modified.ToString("R", CultureInfo.InvariantCulture));
        values.Name("{earlier}", modified.AddDays(-1).ToString("R", CultureInfo.InvariantCulture));
        values.Name("{later}", modified.AddSeconds(1).ToString("R", CultureInfo.InvariantCulture));
    }

    private static (string Key, string Digest) KeyAndDigest(string key)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(key);
#pragma warning disable CA5351 // The protocol's own check of a key's transport.
        return (Convert.ToBase64String(bytes), Convert.ToBase64String(MD5.HashData(bytes)));
#pragma warning restore CA5351
    }

    [GeneratedRegex("<UploadId>([^<]*)<")]
    private static partial Regex UploadId();

    /// <summary>Sends what must succeed.</summary>
    private sealed class Writer(S3Side direct, OpaqueValues values)
    {
        public async Task<S3Answer> DoAsync(S3Call call)
        {
            S3Answer answer = await direct.SendAsync(values.Fill(call), AddressStyle.Path);
            Assert.True(answer.Status < 300, $"{call}: {answer.Status} {answer.Text}");
            values.Learn(call, answer);
            return answer;
        }
    }
}
