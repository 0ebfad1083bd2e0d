using System.Net;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Configuration;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Uploads in aws-chunked encoding arrive as plain objects, and what is not right never becomes one; requirement S7.</summary>
public sealed class UploadTests : IAsyncLifetime
{
    private static readonly byte[] Old = "old"u8.ToArray();
    private static readonly byte[] Data = Content(100_000);

    private TestProxy _proxy = null!;

    public static TheoryData<string, string?> Forms => new()
    {
        { ChunkedUpload.Signed, null },
        { ChunkedUpload.SignedTrailer, "crc32" },
        { ChunkedUpload.SignedTrailer, "crc32c" },
        { ChunkedUpload.SignedTrailer, "crc64nvme" },
        { ChunkedUpload.SignedTrailer, "sha1" },
        { ChunkedUpload.SignedTrailer, "sha256" },
        { ChunkedUpload.UnsignedTrailer, "crc32" },
        { ChunkedUpload.UnsignedTrailer, null },
        { "UNSIGNED-PAYLOAD", null },
    };

    public async Task InitializeAsync() => _proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Each_form_arrives_plain_and_is_seen_by_the_next_read(string form, string? algorithm)
    {
        await PutOldAsync();
        _proxy.Origin.Traffic.Reset();

        using HttpResponseMessage put = await _proxy.Signed.UploadAsync("object", new ChunkedUpload(Data) { PayloadHash = form, Algorithm = algorithm });

        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        OriginRequest seen = Assert.Single(_proxy.Origin.Traffic.Requests);
        Assert.Equal("100000", seen.Headers["Content-Length"]);
        Assert.Equal("UNSIGNED-PAYLOAD", seen.Headers["x-amz-content-sha256"]);
        Assert.DoesNotContain(seen.Headers.Keys, static name => name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase)
            || name.Equals("x-amz-trailer", StringComparison.OrdinalIgnoreCase) || name.Equals("x-amz-decoded-content-length", StringComparison.OrdinalIgnoreCase)
            || name.Equals("x-amz-sdk-checksum-algorithm", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(Data, await _proxy.Signed.ReadAsync("object"));
        Assert.Equal(Data, await _proxy.Direct.ReadAsync("object"));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task Empty_objects_arrive(string form, string? algorithm)
    {
        await PutOldAsync();

        using HttpResponseMessage put = await _proxy.Signed.UploadAsync("object", new ChunkedUpload([]) { PayloadHash = form, Algorithm = algorithm });

        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        Assert.Equal(0, _proxy.Origin.FindObject(TestProxy.Bucket, "object")?.SizeBytes);
        Assert.Empty(await _proxy.Signed.ReadAsync("object"));
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "a chunk's byte", ChunkedUpload.Signed, "SignatureDoesNotMatch" },
        { "the last byte", ChunkedUpload.Signed, "SignatureDoesNotMatch" },
        { "a chunk's signature", ChunkedUpload.Signed, "SignatureDoesNotMatch" },
        { "the last signature", ChunkedUpload.Signed, "SignatureDoesNotMatch" },
        { "the last byte", ChunkedUpload.SignedTrailer, "SignatureDoesNotMatch" },
        { "the trailer", ChunkedUpload.SignedTrailer, "BadDigest" },
        { "the trailer's signature", ChunkedUpload.SignedTrailer, "SignatureDoesNotMatch" },
        { "no trailer", ChunkedUpload.SignedTrailer, "MalformedTrailerError" },
        { "the last byte", ChunkedUpload.UnsignedTrailer, "BadDigest" },
        { "the trailer", ChunkedUpload.UnsignedTrailer, "BadDigest" },
        { "no trailer", ChunkedUpload.UnsignedTrailer, "MalformedTrailerError" },
        { "short", ChunkedUpload.Signed, "IncompleteBody" },
        { "short", ChunkedUpload.UnsignedTrailer, "IncompleteBody" },
        { "long", ChunkedUpload.Signed, "IncompleteBody" },
        { "long", ChunkedUpload.UnsignedTrailer, "IncompleteBody" },
        { "size", ChunkedUpload.UnsignedTrailer, "IncompleteBody" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_is_not_right_changes_nothing(string what, string form, string code)
    {
        await PutOldAsync();
        ChunkedUpload upload = new(Data)
        {
            PayloadHash = form,
            Algorithm = form == ChunkedUpload.Signed ? null : "crc32",
            Tamper = body => Tamper(body, what),
        };

        using HttpResponseMessage put = await _proxy.Signed.UploadAsync("object", upload);

        string answer = await put.Content.ReadAsStringAsync();
        Assert.Contains($"<Code>{code}</Code>", answer, StringComparison.Ordinal);
        Assert.Equal(code == "SignatureDoesNotMatch" ? HttpStatusCode.Forbidden : HttpStatusCode.BadRequest, put.StatusCode);
        await AssertOldAsync();
    }

    [Theory]
    [InlineData("the last signature", ChunkedUpload.Signed)]
    [InlineData("no trailer", ChunkedUpload.UnsignedTrailer)]
    public async Task An_empty_object_that_is_not_right_is_never_sent(string what, string form)
    {
        await PutOldAsync();
        _proxy.Origin.Traffic.Reset();
        ChunkedUpload upload = new([]) { PayloadHash = form, Algorithm = form == ChunkedUpload.Signed ? null : "crc32", Tamper = body => Tamper(body, what) };

        using HttpResponseMessage put = await _proxy.Signed.UploadAsync("object", upload);

        Assert.False(put.IsSuccessStatusCode);
        Assert.Equal(0, _proxy.Origin.Traffic.RequestCount);
        await AssertOldAsync();
    }

    [Theory]
    [InlineData("", 411, "MissingContentLength")]
    [InlineData("x", 411, "MissingContentLength")]
    [InlineData("-1", 411, "MissingContentLength")]
    [InlineData("99999", 400, "IncompleteBody")]
    [InlineData("100001", 400, "IncompleteBody")]
    [InlineData("0", 400, "IncompleteBody")]
    [InlineData("5368709121", 400, "EntityTooLarge")]
    [InlineData("99999999999999999999", 411, "MissingContentLength")]
    public async Task A_decoded_length_that_is_missing_or_wrong_is_refused(string length, int status, string code)
    {
        await PutOldAsync();

        using HttpResponseMessage put = await _proxy.Signed.UploadAsync("object", new ChunkedUpload(Data) { DecodedLength = length });

        Assert.Contains($"<Code>{code}</Code>", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(status, (int)put.StatusCode);
        await AssertOldAsync();
    }

    [Fact]
    public async Task Other_codings_stay_with_the_object()
    {
        using HttpResponseMessage put = await _proxy.Signed.UploadAsync("object", new ChunkedUpload(Data) { ContentEncoding = "aws-chunked, gzip" });
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());

        using HttpResponseMessage got = await _proxy.Direct.GetAsync("object");
        Assert.Equal("gzip", Assert.Single(got.Content.Headers.ContentEncoding));
    }

    [Fact]
    public async Task A_part_and_a_delete_of_many_may_be_chunked_too()
    {
        using AmazonS3Client sdk = SdkClients.Create(_proxy.Data);
        InitiateMultipartUploadResponse upload = await sdk.InitiateMultipartUploadAsync(TestProxy.Bucket, "parts");
        ChunkedUpload part = new(Data) { PayloadHash = ChunkedUpload.SignedTrailer, Algorithm = "sha256", Query = $"partNumber=1&uploadId={upload.UploadId}" };
        using HttpResponseMessage put = await _proxy.Signed.UploadAsync("parts", part);
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        await sdk.CompleteMultipartUploadAsync(new CompleteMultipartUploadRequest
        {
            BucketName = TestProxy.Bucket,
            Key = "parts",
            UploadId = upload.UploadId,
            PartETags = [new PartETag(1, put.Headers.ETag!.Tag)],
        });
        Assert.Equal(Data, await _proxy.Signed.ReadAsync("parts"));

        ChunkedUpload delete = new("<Delete><Object><Key>parts</Key></Object></Delete>"u8.ToArray())
        {
            Method = HttpMethod.Post,
            Query = "delete=",
            PayloadHash = ChunkedUpload.SignedTrailer,
            Algorithm = "crc32",
        };
        using HttpResponseMessage refused = await _proxy.Signed.UploadAsync(null, delete with { Tamper = body => Tamper(body, "the trailer") });
        Assert.Contains("<Code>BadDigest</Code>", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(_proxy.Origin.FindObject(TestProxy.Bucket, "parts"));

        using HttpResponseMessage deleted = await _proxy.Signed.UploadAsync(null, delete);
        Assert.True(deleted.IsSuccessStatusCode, await deleted.Content.ReadAsStringAsync());
        Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, "parts"));
        using HttpResponseMessage gone = await _proxy.Signed.GetAsync("parts");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private static byte[] Content(int length)
    {
        byte[] bytes = new byte[length];
        new SyntheticContent(length, 3).Fill(0, bytes);
        return bytes;
    }

    private static byte[] Tamper(byte[] body, string what)
    {
        string text = Encoding.Latin1.GetString(body);
        return Encoding.Latin1.GetBytes(what switch
        {
            "a chunk's byte" => Flip(text, 30_000),
            "the last byte" => Flip(text, text.IndexOf("\r\n0", text.Length - 300, StringComparison.Ordinal) - 1),
            "a chunk's signature" => Flip(text, text.IndexOf("chunk-signature=", 40_000, StringComparison.Ordinal) + 20),
            "the last signature" => Flip(text, text.LastIndexOf("chunk-signature=", StringComparison.Ordinal) + 20),
            "the trailer" => ReplaceTrailer(text, "AAAAAA=="),
            "the trailer's signature" => Flip(text, text.LastIndexOf("x-amz-trailer-signature:", StringComparison.Ordinal) + 30),
            "no trailer" => text[..text.LastIndexOf("x-amz-checksum", StringComparison.Ordinal)] + "\r\n",
            "short" => text[..(text.Length / 2)],
            "long" => text + "more",
            "size" => Flip(text, 0),
            _ => throw new ArgumentOutOfRangeException(nameof(what)),
        });

        static string Flip(string text, int at) => string.Concat(text.AsSpan(0, at), ((char)(text[at] ^ 1)).ToString(), text.AsSpan(at + 1));

        // The signature covers the old value, so a signed trailer is refused for its checksum first.
        static string ReplaceTrailer(string text, string value)
        {
            int from = text.LastIndexOf("x-amz-checksum-crc32:", StringComparison.Ordinal) + "x-amz-checksum-crc32:".Length;
            return text.Remove(from, value.Length).Insert(from, value);
        }
    }

    private async Task PutOldAsync()
    {
        _proxy.Origin.PutObject(TestProxy.Bucket, "object", Old);
        Assert.Equal(Old, await _proxy.Signed.ReadAsync("object"));
    }

    private async Task AssertOldAsync()
    {
        await _proxy.Origin.Traffic.WaitForIdleAsync();
        Assert.Equal(Old, await _proxy.Direct.ReadAsync("object"));
        Assert.Equal(Old, await _proxy.Signed.ReadAsync("object"));
    }
}
