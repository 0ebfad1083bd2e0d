using System.Text;
using S3Proxy.Configuration;
using S3Proxy.Testing;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>Keys that break elsewhere name the same object through the proxy as at the origin; requirement S8, nginx-s3-gateway #58, #77.</summary>
public sealed class TrickyKeyTests : IAsyncLifetime
{
    private TestProxy _proxy = null!;

    public static TheoryData<string> Keys =>
    [
        "a b", "a+b", "a b+c (1).txt", "é/ü/😀", "日本語", "a//b", "/a", "//a", "a/", "a/../b", "../../x", "./x", "a/./b", "a%2Fb", "a%252Fb", "100%", "~tilde~", "star*",
        "it's", "q?x=1&y", "hash#tag", "semi;colon:@,=$", "back\\slash", "\"quoted\"", "<tag>", "{brace}|^`", "!bang[1]", "e\u0301", "tab\there",
        new string('k', 1024), new string('é', 512),
    ];

    public async Task InitializeAsync() => _proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Written_read_overwritten_and_deleted(string key)
    {
        byte[] first = Encoding.UTF8.GetBytes("first " + key);
        using (HttpResponseMessage put = await _proxy.Signed.PutAsync(key, first))
        {
            Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync());
        }

        OriginObject stored = Assert.IsType<OriginObject>(_proxy.Origin.FindObject(TestProxy.Bucket, key));
        Assert.Equal(first.Length, stored.SizeBytes);
        Assert.Equal(first, await _proxy.Signed.ReadAsync(key));
        Assert.Equal(first, await _proxy.Direct.ReadAsync(key));

        byte[] second = Encoding.UTF8.GetBytes("second " + key);
        (await _proxy.Signed.PutAsync(key, second)).Dispose();
        Assert.Equal(second, await _proxy.Signed.ReadAsync(key));

        using HttpResponseMessage deleted = await _proxy.Signed.SendAsync(HttpMethod.Delete, TestProxy.Bucket, key);
        Assert.Equal(204, (int)deleted.StatusCode);
        Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, key));
        using HttpResponseMessage gone = await _proxy.Signed.GetAsync(key);
        Assert.Equal(404, (int)gone.StatusCode);
    }

    /// <summary>Random keys through the .NET SDK: the origin holds exactly these keys, and the SDK reads back what it wrote.</summary>
    [Fact]
    public async Task Random_keys_through_the_sdk()
    {
        const int Seed = 4711;
        const int Count = 200;
        RandomKeys keys = new(Seed);
        using Amazon.S3.AmazonS3Client client = SdkClients.Create(_proxy.Data);
        HashSet<string> written = [];
        for (int i = 0; i < Count; i++)
        {
            string key = keys.Next();
            string content = $"{i} of seed {Seed}";
            await client.PutObjectAsync(new() { BucketName = TestProxy.Bucket, Key = key, ContentBody = content, UseChunkEncoding = false });
            written.Add(key);
            Assert.True(_proxy.Origin.FindObject(TestProxy.Bucket, key) is not null, $"{content}: the origin has no {key}");
            using Amazon.S3.Model.GetObjectResponse read = await client.GetObjectAsync(TestProxy.Bucket, key);
            using StreamReader body = new(read.ResponseStream);
            Assert.Equal(content, await body.ReadToEndAsync());
        }

        Assert.All(written, key => Assert.NotNull(_proxy.Origin.FindObject(TestProxy.Bucket, key)));
    }

    /// <summary>Clients that escape less or in lower case mean the same object.</summary>
    [Theory]
    [InlineData("a%20b+c%20(1).txt", "a b+c (1).txt")]
    [InlineData("a%2fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("x/../y", "x/../y")]
    [InlineData("x//y", "x//y")]
    [InlineData("caf%c3%a9", "café")]
    public async Task Other_spellings_of_the_path(string spelling, string key)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, key, "body"u8.ToArray());
        for (int i = 0; i < 2; i++)
        {
            using RawConnection connection = await RawConnection.OpenAsync(proxy.Data);
            await connection.SendAsync($"GET /{TestProxy.Bucket}/{spelling} HTTP/1.1\r\nHost: proxy\r\nConnection: close\r\n\r\n");
            string answer = await connection.ReceiveToEndAsync();
            Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
            Assert.EndsWith("body", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_of_more_than_1024_bytes_is_refused_as_s3_does()
    {
        using HttpResponseMessage response = await _proxy.Signed.GetAsync(new string('k', 1025));
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("KeyTooLongError", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
