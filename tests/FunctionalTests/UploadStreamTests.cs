using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.AspNetCore.Http;
using S3Proxy.Configuration;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Uploads;

namespace S3Proxy.FunctionalTests;

/// <summary>How uploads flow: what the origin gets, and when; clients that wait, leave or send much. Requirement S7.</summary>
public sealed class UploadStreamTests
{
    private static readonly byte[] Data = Content(3 * 1024 * 1024);

    public static TheoryData<int> Sizes => [0, 1, 1024 * 1024, (1024 * 1024) + 1, 3 * 1024 * 1024];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task An_origin_that_takes_trailers_gets_the_checksum(int size)
    {
        byte[] data = Data[..size];
        TaskCompletionSource<(HeaderDictionary Headers, byte[] Body)> received = new();
        await using BareOrigin origin = await BareOrigin.StartAsync(async http => received.TrySetResult(await ReceiveAsync(http)));
        await using TestProxy proxy = await StartForwardingAsync(origin);

        using HttpResponseMessage put = await proxy.Signed.UploadAsync(
            "object", new ChunkedUpload(data) { PayloadHash = ChunkedUpload.SignedTrailer, Algorithm = "sha256", ContentEncoding = "aws-chunked,gzip" });

        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        (HeaderDictionary headers, byte[] body) = await received.Task;
        Assert.Equal(AwsChunkedEncoder.Encode(null, data, 1024 * 1024, "x-amz-checksum-sha256", AwsChunkedEncoder.Checksum("sha256", data)), body);
        Assert.Equal("STREAMING-UNSIGNED-PAYLOAD-TRAILER", headers["x-amz-content-sha256"]);
        Assert.Equal("x-amz-checksum-sha256", headers["x-amz-trailer"]);
        Assert.Equal("SHA256", headers["x-amz-sdk-checksum-algorithm"]);
        Assert.Equal("aws-chunked,gzip", headers["Content-Encoding"]);
        Assert.Equal(size.ToString(CultureInfo.InvariantCulture), headers["x-amz-decoded-content-length"]);
        Assert.Equal(body.Length, headers.ContentLength);
        Assert.Contains("x-amz-trailer", headers["Authorization"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_origin_that_takes_trailers_never_gets_the_end_of_a_refused_body()
    {
        TaskCompletionSource<bool> received = new();
        await using BareOrigin origin = await BareOrigin.StartAsync(async http => received.TrySetResult((await CountAsync(http, static _ => { })).IsWhole));
        await using TestProxy proxy = await StartForwardingAsync(origin);

        using HttpResponseMessage put = await proxy.Signed.UploadAsync(
            "object", new ChunkedUpload(Data) { PayloadHash = ChunkedUpload.UnsignedTrailer, Algorithm = "crc32", Tamper = static body => Changed(body, 100) });

        Assert.Contains("<Code>BadDigest</Code>", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(await received.Task);
    }

    /// <summary>The trailer comes when the origin has nearly all of the body; what it gets unverified lacks the last byte.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_last_byte_waits_for_the_trailer(bool forward, bool isRight)
    {
        const int ChunkBytes = 1024 * 1024;
        const int ClientBufferBytes = 64 * 1024;
        byte[] data = Data[..ChunkBytes];
        int unverified = data.Length - 1 + (forward ? "100000\r\n".Length : 0);
        TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<(long Bytes, bool IsWhole)> received = new();
        await using BareOrigin origin = await BareOrigin.StartAsync(async http =>
        {
            (long bytes, bool isWhole) = await CountAsync(http, count =>
            {
                if (count >= unverified - ClientBufferBytes)
                {
                    arrived.TrySetResult();
                }
            });
            received.TrySetResult((bytes, isWhole));
        });
        await using TestProxy proxy = await StartAsync(origin, forward ? UploadTrailers.Forward : UploadTrailers.Strip);
        ChunkedUpload upload = new(data)
        {
            PayloadHash = ChunkedUpload.SignedTrailer,
            Algorithm = "crc32",
            ChunkBytes = ChunkBytes,
            Tamper = body => isRight ? body : Changed(body, body.Length - 5),
            Carrier = body => new SplitContent(body, body.Length - 10, () => arrived.Task),
        };

        using HttpResponseMessage put = await proxy.Signed.UploadAsync("object", upload);

        (long all, bool whole) = await received.Task;
        Assert.Equal((isRight, isRight), (put.IsSuccessStatusCode, whole));
        Assert.True(isRight ? all > unverified : all <= unverified, $"the origin got {all} bytes of {data.Length}");
    }

    [Fact]
    public async Task A_signed_hash_is_verified_here_where_the_origin_cannot()
    {
        TaskCompletionSource<bool> received = new();
        await using BareOrigin origin = await BareOrigin.StartAsync(async http => received.TrySetResult((await CountAsync(http, static _ => { })).IsWhole));
        TestProxyOptions options = origin.Options;
        OriginCredentials anonymous = new() { Source = OriginCredentialsSource.Anonymous };
        await using TestProxy proxy = await TestProxy.StartAsync(options with { OriginSide = side => options.OriginSide(side) with { Credentials = anonymous } });
        string hash = Convert.ToHexStringLower(SHA256.HashData(Data));

        using HttpResponseMessage wrong = await proxy.Signed.SendAsync(
            HttpMethod.Put, TestProxy.Bucket, "object", body: new ByteArrayContent(Changed(Data, Data.Length - 1)), payloadHash: hash);
        Assert.Contains("<Code>XAmzContentSHA256Mismatch</Code>", await wrong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(await received.Task);

        using HttpResponseMessage nothing = await proxy.Signed.SendAsync(HttpMethod.Put, TestProxy.Bucket, "object", body: new ByteArrayContent([]), payloadHash: hash);
        Assert.Contains("<Code>XAmzContentSHA256Mismatch</Code>", await nothing.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using HttpResponseMessage right = await proxy.Signed.SendAsync(HttpMethod.Put, TestProxy.Bucket, "object", body: new ByteArrayContent(Data), payloadHash: hash);
        Assert.True(right.IsSuccessStatusCode, await right.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task What_the_origin_answers_before_it_has_read_the_body_reaches_the_client()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        proxy.Origin.Faults.Add(new RequestMatch { Operation = OriginOperation.PutObject }, new FaultEffects { Status = 403 });

        using HttpResponseMessage put = await proxy.Signed.UploadAsync("object", new ChunkedUpload(Data));

        Assert.Equal(HttpStatusCode.Forbidden, put.StatusCode);
        Assert.Contains("<Code>AccessDenied</Code>", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Requirement A1: the origin judges the client's own signatures, those of the chunks too, so nothing of them may change.</summary>
    [Fact]
    public async Task What_the_origin_judges_reaches_it_as_the_client_wrote_it()
    {
        TaskCompletionSource<(HeaderDictionary Headers, byte[] Body)> received = new();
        await using BareOrigin origin = await BareOrigin.StartAsync(async http => received.TrySetResult(await ReceiveAsync(http)));
        await using TestProxy proxy = await TestProxy.StartAsync(origin.Options with { Auth = AuthMode.Passthrough });
        using SignedClient client = new(proxy.Data, TestProxy.OriginKeyId, TestProxy.OriginSecret);
        byte[] sent = [];

        using HttpResponseMessage put = await client.UploadAsync(
            "object", new ChunkedUpload(Data) { PayloadHash = ChunkedUpload.SignedTrailer, Algorithm = "crc32", Tamper = body => sent = body });
        using HttpResponseMessage delete = await client.UploadAsync(
            null, new ChunkedUpload("<Delete/>"u8.ToArray()) { Method = HttpMethod.Post, Query = "delete=" });

        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        (HeaderDictionary headers, byte[] body) = await received.Task;
        Assert.Equal(sent, body);
        Assert.Equal(
            ("aws-chunked", ChunkedUpload.SignedTrailer, "x-amz-checksum-crc32"),
            (headers["Content-Encoding"].ToString(), headers["x-amz-content-sha256"].ToString(), headers["x-amz-trailer"].ToString()));
        Assert.Equal(HttpStatusCode.NotImplemented, delete.StatusCode);
    }

    [Fact]
    public async Task A_client_that_leaves_changes_nothing_and_the_next_read_asks_the_origin()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        byte[] old = "old"u8.ToArray();
        proxy.Origin.PutObject(TestProxy.Bucket, "object", old);
        Assert.Equal(old, await proxy.Signed.ReadAsync("object"));
        ChunkedUpload upload = new(Data)
        {
            Carrier = body => new SplitContent(body, body.Length / 2, async () =>
            {
                await proxy.Origin.Traffic.WaitUntilAsync(static seen => seen.ActiveRequests > 0);
                throw new IOException("the client is gone");
            }),
        };

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => proxy.Signed.UploadAsync("object", upload));

        await proxy.Origin.Traffic.WaitForIdleAsync();
        long asked = proxy.Origin.Traffic.GetCount;
        Assert.Equal(old, await proxy.Signed.ReadAsync("object"));
        Assert.Equal(asked + 1, proxy.Origin.Traffic.GetCount);
        Assert.Equal(old, await proxy.Direct.ReadAsync("object"));
    }

    [Fact]
    public async Task A_client_that_waits_for_100_continue_gets_it()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        Dictionary<string, string> waits = new() { ["Expect"] = "100-continue" };

        using HttpResponseMessage chunked = await proxy.Signed.UploadAsync("object", new ChunkedUpload(Data) { Headers = waits });
        using HttpResponseMessage empty = await proxy.Signed.UploadAsync("empty", new ChunkedUpload([]) { Headers = waits });
        using HttpResponseMessage plain = await proxy.Signed.PutAsync("plain", Data, waits);

        Assert.All([chunked, empty, plain], static put => Assert.Equal(HttpStatusCode.OK, put.StatusCode));
        Assert.Equal(Data, await proxy.Signed.ReadAsync("object"));
    }

    [Fact]
    public async Task A_client_without_a_right_is_refused_without_100_continue()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        using SignedClient stranger = new(proxy.Data, TestProxy.ClientKeyId, "not the secret");
        bool wasSent = false;
        ChunkedUpload upload = new(Data)
        {
            Headers = new Dictionary<string, string> { ["Expect"] = "100-continue" },
            Carrier = body => new SplitContent(body, 0, () =>
            {
                wasSent = true;
                return Task.CompletedTask;
            }),
        };

        using HttpResponseMessage put = await stranger.UploadAsync("object", upload);

        Assert.Equal(HttpStatusCode.Forbidden, put.StatusCode);
        Assert.False(wasSent);
    }

    /// <summary>The settings of the SDK as it comes: chunks and a checksum trailer, both signed.</summary>
    [Fact]
    public async Task The_sdk_as_it_comes()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });
        using AmazonS3Client sdk = new(
            new BasicAWSCredentials(TestProxy.ClientKeyId, TestProxy.ClientSecret),
            new AmazonS3Config { ServiceURL = proxy.Data.ToString(), ForcePathStyle = true, AuthenticationRegion = "us-east-1", MaxErrorRetry = 0 });
        foreach (ChecksumAlgorithm? algorithm in (IEnumerable<ChecksumAlgorithm?>)[null, ChecksumAlgorithm.CRC32, ChecksumAlgorithm.SHA1, ChecksumAlgorithm.SHA256])
        {
            using MemoryStream body = new(Data);
            PutObjectRequest put = new() { BucketName = TestProxy.Bucket, Key = "object", InputStream = body };
            if (algorithm is not null)
            {
                put.ChecksumAlgorithm = algorithm;
            }

            await sdk.PutObjectAsync(put);
            Assert.Equal(Data, await proxy.Signed.ReadAsync("object"));
        }

        await sdk.PutObjectAsync(new PutObjectRequest { BucketName = TestProxy.Bucket, Key = "object", ContentBody = "" });
        Assert.Empty(await proxy.Signed.ReadAsync("object"));
    }

    private static byte[] Content(int length)
    {
        byte[] bytes = new byte[length];
        new SyntheticContent(length, 7).Fill(0, bytes);
        return bytes;
    }

    private static byte[] Changed(byte[] body, int at)
    {
        byte[] changed = (byte[])body.Clone();
        changed[at] ^= 1;
        return changed;
    }

    private static Task<TestProxy> StartForwardingAsync(BareOrigin origin) => StartAsync(origin, UploadTrailers.Forward);

    private static Task<TestProxy> StartAsync(BareOrigin origin, UploadTrailers trailers)
    {
        TestProxyOptions options = origin.Options;
        return TestProxy.StartAsync(options with { OriginSide = side => options.OriginSide(side) with { UploadTrailers = trailers } });
    }

    private static async Task<(long Bytes, bool IsWhole)> CountAsync(HttpContext http, Action<long> onRead)
    {
        byte[] buffer = new byte[64 * 1024];
        long bytes = 0;
        try
        {
            int read;
            while ((read = await http.Request.Body.ReadAsync(buffer)) > 0)
            {
                bytes += read;
                onRead(bytes);
            }

            return (bytes, true);
        }
        catch (IOException)
        {
            return (bytes, false);
        }
    }

    private static async Task<(HeaderDictionary Headers, byte[] Body)> ReceiveAsync(HttpContext http)
    {
        HeaderDictionary headers = [];
        foreach (KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues> header in http.Request.Headers)
        {
            headers[header.Key] = header.Value;
        }

        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        return (headers, body.ToArray());
    }
}
