using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Configuration;
using Xunit.Abstractions;

namespace S3Proxy.FunctionalTests.Clients;

/// <summary>
/// The tricky keys of requirement S8 through three clients that encode by themselves: what each writes is at the origin under exactly that key, and is read back. Where a
/// program is not installed its test says so and passes.
/// </summary>
public sealed class TrickyKeyClientTests(ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly string[] Keys = [.. TrickyKeyTests.Keys.Select<object[], string>(row => (string)row[0])];

    /// <summary>Keys that are file names too, so that a whole tree of them goes through one run of a program.</summary>
    private static readonly string[] FileKeys = [.. Keys.Where(IsFileName)];

    private TestProxy _proxy = null!;

    public async Task InitializeAsync() => _proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    /// <summary>The SDK itself takes a leading slash off a key.</summary>
    [Fact]
    public async Task Aws_sdk()
    {
        using AmazonS3Client client = SdkClients.Create(_proxy.Data);
        string[] keys = [.. Keys.Where(key => !key.StartsWith('/'))];
        foreach (string key in keys)
        {
            await client.PutObjectAsync(new PutObjectRequest { BucketName = TestProxy.Bucket, Key = key, ContentBody = "of " + key, UseChunkEncoding = false });
            AssertStored(key);
            using GetObjectResponse read = await client.GetObjectAsync(TestProxy.Bucket, key);
            using StreamReader body = new(read.ResponseStream);
            Assert.Equal("of " + key, await body.ReadToEndAsync());
        }

        ListObjectsV2Response listed = await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = TestProxy.Bucket });
        Assert.Equal(keys.Order(StringComparer.Ordinal), listed.S3Objects.Select(item => item.Key).Order(StringComparer.Ordinal));
        await client.DeleteObjectsAsync(new DeleteObjectsRequest { BucketName = TestProxy.Bucket, Objects = [.. keys.Select(key => new KeyVersion { Key = key })] });
        Assert.All(keys, key => Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, key)));
    }

    [Fact]
    public async Task Aws_cli()
    {
        using ClientTool? aws = await ClientTool.FindAsync("aws", output);
        if (aws is null)
        {
            return;
        }

        aws.With("AWS_ACCESS_KEY_ID", TestProxy.ClientKeyId).With("AWS_SECRET_ACCESS_KEY", TestProxy.ClientSecret).With("AWS_DEFAULT_REGION", "us-east-1")
            .With("AWS_EC2_METADATA_DISABLED", "true").With("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required").With("PYTHONUTF8", "1");
        Task<string> Run(params string[] arguments) => aws.SucceedAsync(["--endpoint-url", _proxy.Data.ToString(), .. arguments]);

        string up = MakeTree(aws);
        await Run("s3", "cp", "--recursive", up, $"s3://{TestProxy.Bucket}/");
        Assert.All(FileKeys, AssertStored);
        string down = Path.Combine(aws.Home, "down");
        await Run("s3", "cp", "--recursive", $"s3://{TestProxy.Bucket}/", down);
        AssertSameTree(down, FileKeys);
        await Run("s3", "rm", "--recursive", $"s3://{TestProxy.Bucket}/");
        Assert.All(FileKeys, key => Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, key)));

        foreach (string key in Keys.Except(FileKeys))
        {
            string file = aws.Write("one", "of " + key);
            await Run("s3api", "put-object", "--bucket", TestProxy.Bucket, "--key", key, "--body", file);
            AssertStored(key);
            Assert.Equal("of " + key, Encoding.UTF8.GetString(await _proxy.Signed.ReadAsync(key)));
        }
    }

    /// <summary>s3cmd itself replaces control characters in names of files.</summary>
    [Fact]
    public async Task S3cmd()
    {
        using ClientTool? s3cmd = await ClientTool.FindAsync("s3cmd", output);
        if (s3cmd is null)
        {
            return;
        }

        string configuration = s3cmd.Write("s3cfg", $"""
            [default]
            access_key = {TestProxy.ClientKeyId}
            secret_key = {TestProxy.ClientSecret}
            host_base = {_proxy.Data.Authority}
            host_bucket = {_proxy.Data.Authority}
            bucket_location = us-east-1
            use_https = False
            """);
        Task<string> Run(params string[] arguments) => s3cmd.SucceedAsync(["-c", configuration, "--no-progress", .. arguments]);

        string up = MakeTree(s3cmd);
        await Run("put", "--recursive", up + "/", $"s3://{TestProxy.Bucket}/");
        string[] named = [.. FileKeys.Where(key => !key.Any(char.IsControl))];
        Assert.All(named, AssertStored);
        string down = Path.Combine(s3cmd.Home, "down");
        Directory.CreateDirectory(down);
        await Run("get", "--recursive", $"s3://{TestProxy.Bucket}/", down + "/");
        AssertSameTree(down, named);
        await Run("del", "--recursive", "--force", $"s3://{TestProxy.Bucket}/");
        Assert.All(named, key => Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, key)));

        foreach (string key in Keys.Except(FileKeys))
        {
            string file = s3cmd.Write("one", "of " + key);
            await Run("put", file, $"s3://{TestProxy.Bucket}/{key}");
            AssertStored(key.EndsWith('/') ? key + "one" : key);
            string copy = Path.Combine(s3cmd.Home, "copy");
            await Run("get", "--force", $"s3://{TestProxy.Bucket}/{(key.EndsWith('/') ? key + "one" : key)}", copy);
            Assert.Equal("of " + key, await File.ReadAllTextAsync(copy));
        }
    }

    private static bool IsFileName(string key) =>
        key.Split('/').All(segment => segment is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(segment) < 256);

    private static string MakeTree(ClientTool tool)
    {
        string root = Path.Combine(tool.Home, "up");
        foreach (string key in FileKeys)
        {
            string path = Path.Combine(root, key);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "of " + key);
        }

        return root;
    }

    private static void AssertSameTree(string root, string[] keys) =>
        Assert.All(keys, key => Assert.Equal("of " + key, File.ReadAllText(Path.Combine(root, key))));

    private void AssertStored(string key) => Assert.True(_proxy.Origin.FindObject(TestProxy.Bucket, key) is not null, $"The origin has no {key}");
}
