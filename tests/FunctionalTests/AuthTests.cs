using System.Net;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Who may do what, hot and cold; requirements A1, A2, S1.</summary>
public sealed class AuthTests : IAsyncLifetime
{
    private TestProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        _proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Auth = AuthMode.SigV4,
            Keys =
            [
                Key(TestProxy.ClientKeyId, new Grant { Bucket = "*", Actions = S3Actions.Read | S3Actions.List | S3Actions.Write | S3Actions.Delete }),
                Key("TEAMA", new Grant { Bucket = TestProxy.Bucket, Prefix = "team-a/", Actions = S3Actions.Read | S3Actions.List }),
                Key("WRITER", new Grant { Bucket = TestProxy.Bucket, Actions = S3Actions.Write }),
            ],
        });
        _proxy.Origin.PutObject(TestProxy.Bucket, "team-a/file", "a"u8.ToArray());
        _proxy.Origin.PutObject(TestProxy.Bucket, "team-b/file", "b"u8.ToArray());
    }

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Fact]
    public async Task The_sdk_signs_in_headers_and_in_urls()
    {
        using AmazonS3Client sdk = SdkClients.Create(_proxy.Data);
        await sdk.PutObjectAsync(new PutObjectRequest { BucketName = TestProxy.Bucket, Key = "a b+c/é", ContentBody = "content", UseChunkEncoding = false });
        using GetObjectResponse got = await sdk.GetObjectAsync(TestProxy.Bucket, "a b+c/é");
        using StreamReader reader = new(got.ResponseStream);
        Assert.Equal("content", await reader.ReadToEndAsync());

        string url = await PresignAsync(sdk, "a b+c/é", TimeSpan.FromHours(1));
        Assert.Equal("content", await _proxy.Client.GetStringAsync(new Uri(url)));
        Assert.Equal("content", await _proxy.Client.GetStringAsync(new Uri(url)));
        Assert.Equal(2, (await sdk.ListObjectsV2Async(new ListObjectsV2Request { BucketName = TestProxy.Bucket, Prefix = "team-" })).KeyCount);
    }

    [Theory]
    [InlineData(TestProxy.ClientKeyId, "wrong", "SignatureDoesNotMatch")]
    [InlineData("NOBODY", TestProxy.ClientSecret, "InvalidAccessKeyId")]
    public async Task A_wrong_signature_gets_nothing_cold_or_hot(string keyId, string secret, string code)
    {
        using SignedClient stranger = new(_proxy.Data, keyId, secret);
        await AssertRefusedAsync(await stranger.GetAsync("team-a/file"), code);
        await _proxy.Signed.ReadAsync("team-a/file");
        await AssertRefusedAsync(await stranger.GetAsync("team-a/file"), code);
        await AssertRefusedAsync(await stranger.PutAsync("team-a/file", [1]), code);
        Assert.Equal("a"u8.ToArray(), await _proxy.Signed.ReadAsync("team-a/file"));
    }

    [Fact]
    public async Task An_unsigned_request_gets_nothing_hot()
    {
        await _proxy.Signed.ReadAsync("team-a/file");
        await AssertRefusedAsync(await Reads.OpenAsync(_proxy, "team-a/file"), "AccessDenied");
    }

    [Theory]
    [InlineData(-20)]
    [InlineData(20)]
    public async Task A_clock_that_is_wrong_is_told_so(int minutes)
    {
        using SignedClient skewed = new(_proxy.Data, TestProxy.ClientKeyId, TestProxy.ClientSecret) { ClockOffset = TimeSpan.FromMinutes(minutes) };
        await AssertRefusedAsync(await skewed.GetAsync("team-a/file"), "RequestTimeTooSkewed");
    }

    [Fact]
    public async Task A_presigned_url_ends_and_holds_for_its_own_request_only()
    {
        using AmazonS3Client sdk = SdkClients.Create(_proxy.Data);
        string url = await PresignAsync(sdk, "team-a/file", TimeSpan.FromHours(1));
        await AssertRefusedAsync(await _proxy.Client.GetAsync(new Uri(url.Replace("team-a", "team-b", StringComparison.Ordinal))), "SignatureDoesNotMatch");
        await AssertRefusedAsync(await _proxy.Client.DeleteAsync(new Uri(url)), "SignatureDoesNotMatch");
        string longer = System.Text.RegularExpressions.Regex.Replace(url, "X-Amz-Expires=\\d+", "X-Amz-Expires=604800");
        await AssertRefusedAsync(await _proxy.Client.GetAsync(new Uri(longer)), "SignatureDoesNotMatch");

        Uri expired = PresignedUrl.Create(_proxy.Data, "team-a/file", TimeProvider.System.GetUtcNow().AddHours(-2), TimeSpan.FromHours(1));
        await AssertRefusedAsync(await _proxy.Client.GetAsync(expired), "AccessDenied");
        Uri valid = PresignedUrl.Create(_proxy.Data, "team-a/file", TimeProvider.System.GetUtcNow().AddHours(-2), TimeSpan.FromHours(3));
        Assert.Equal("a", await _proxy.Client.GetStringAsync(valid));
    }

    /// <summary>A hit must not leak what a miss would refuse.</summary>
    [Fact]
    public async Task Grants_hold_for_hits_too()
    {
        using SignedClient team = new(_proxy.Data, "TEAMA", TestProxy.ClientSecret);
        using SignedClient writer = new(_proxy.Data, "WRITER", TestProxy.ClientSecret);
        await _proxy.Signed.ReadAsync("team-a/file");
        await _proxy.Signed.ReadAsync("team-b/file");

        Assert.Equal("a"u8.ToArray(), await team.ReadAsync("team-a/file"));
        await AssertRefusedAsync(await team.GetAsync("team-b/file"), "AccessDenied");
        await AssertRefusedAsync(await team.GetAsync("team-b/none"), "AccessDenied");
        await AssertRefusedAsync(await team.GetAsync("team-a"), "AccessDenied");
        await AssertRefusedAsync(await team.PutAsync("team-a/file", [1]), "AccessDenied");
        await AssertRefusedAsync(await team.SendAsync(HttpMethod.Delete, TestProxy.Bucket, "team-a/file"), "AccessDenied");
        await AssertRefusedAsync(await team.SendAsync(HttpMethod.Get, TestProxy.Bucket, null, "list-type=2"), "AccessDenied");
        using HttpResponseMessage listed = await team.SendAsync(HttpMethod.Get, TestProxy.Bucket, null, "list-type=2&prefix=team-a%2F");
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);

        await AssertRefusedAsync(await writer.GetAsync("team-a/file"), "AccessDenied");
        Assert.Equal(HttpStatusCode.OK, (await writer.PutAsync("team-a/new", [1])).StatusCode);
        KeyValuePair<string, string>[] copy = [new("x-amz-copy-source", $"/{TestProxy.Bucket}/team-b/file")];
        await AssertRefusedAsync(await writer.SendAsync(HttpMethod.Put, TestProxy.Bucket, "team-a/copy", headers: copy), "AccessDenied");
    }

    [Fact]
    public async Task Followers_are_authorised_on_their_own()
    {
        _proxy.Origin.PutSynthetic(TestProxy.Bucket, "team-b/big", 2 * Reads.MiB, 1);
        OriginGate gate = new();
        _proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, 1000) });
        Task<byte[]> leader = _proxy.Signed.ReadAsync("team-b/big");
        await gate.ArrivedAsync(1);

        using SignedClient team = new(_proxy.Data, "TEAMA", TestProxy.ClientSecret);
        await AssertRefusedAsync(await team.GetAsync("team-b/big"), "AccessDenied");

        gate.Release();
        Assert.Equal(2 * Reads.MiB, (await leader).Length);
    }

    [Fact]
    public async Task Anonymous_mode_reads_and_nothing_else()
    {
        await using TestProxy open = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.Anonymous });
        open.Origin.PutObject(TestProxy.Bucket, "public", "p"u8.ToArray());

        Assert.Equal("p", await open.Client.GetStringAsync($"/{TestProxy.Bucket}/public"));
        await AssertRefusedAsync(await open.Client.PutAsync($"/{TestProxy.Bucket}/public", new ByteArrayContent([1])), "AccessDenied");
        await AssertRefusedAsync(await open.Client.DeleteAsync($"/{TestProxy.Bucket}/public"), "AccessDenied");
        await AssertRefusedAsync(await open.Client.GetAsync($"/{TestProxy.Bucket}?list-type=2"), "AccessDenied");
        await AssertRefusedAsync(await open.Client.GetAsync("/"), "AccessDenied");
        Assert.Equal("p", await open.Client.GetStringAsync($"/{TestProxy.Bucket}/public"));
    }

    [Fact]
    public async Task A_bucket_may_stand_in_the_host_name()
    {
        await using TestProxy open = await TestProxy.StartAsync();
        open.Origin.PutObject(TestProxy.Bucket, "models/file", "body"u8.ToArray());
        for (int i = 0; i < 2; i++)
        {
            using HttpRequestMessage message = new(HttpMethod.Get, "/models/file");
            message.Headers.Host = $"{TestProxy.Bucket}.s3.test";
            using HttpResponseMessage response = await open.Client.SendAsync(message);
            Assert.Equal("body", await response.Content.ReadAsStringAsync());
        }

        Assert.Equal("body", await open.Client.GetStringAsync($"/{TestProxy.Bucket}/models/file"));
        Assert.Equal(1, open.Origin.Traffic.GetCount);
    }

    private static ClientKey Key(string id, Grant grant) => new() { AccessKeyId = id, SecretAccessKey = TestProxy.ClientSecret, Grants = [grant] };

    private static Task<string> PresignAsync(AmazonS3Client sdk, string key, TimeSpan lifetime) => sdk.GetPreSignedURLAsync(new GetPreSignedUrlRequest
    {
        BucketName = TestProxy.Bucket,
        Key = key,
        Verb = HttpVerb.GET,
        Protocol = Amazon.S3.Protocol.HTTP,
        Expires = (TimeProvider.System.GetUtcNow() + lifetime).UtcDateTime,
    });

    private static async Task AssertRefusedAsync(HttpResponseMessage response, string code)
    {
        using (response)
        {
            string body = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == HttpStatusCode.Forbidden, $"{(int)response.StatusCode} {body}");
            Assert.Contains($"<Code>{code}</Code>", body, StringComparison.Ordinal);
            Assert.DoesNotContain(TestProxy.ClientSecret, body, StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("x-cache"), "a refusal must not tell whether the object is cached");
        }
    }
}
