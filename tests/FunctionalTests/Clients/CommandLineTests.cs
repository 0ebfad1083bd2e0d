using S3Proxy.Configuration;
using Xunit.Abstractions;

namespace S3Proxy.FunctionalTests.Clients;

/// <summary>Command-line clients work with nothing but the endpoint changed; requirement S10. Where one is not installed its test says so and passes.</summary>
public sealed class CommandLineTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const string Key = "a dir/file+1 (é).bin";
    private TestProxy _proxy = null!;

    public async Task InitializeAsync() => _proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Fact]
    public async Task Aws_cli()
    {
        using ClientTool? aws = await ClientTool.FindAsync("aws", output);
        if (aws is null)
        {
            return;
        }

        aws.With("AWS_ACCESS_KEY_ID", TestProxy.ClientKeyId).With("AWS_SECRET_ACCESS_KEY", TestProxy.ClientSecret).With("AWS_DEFAULT_REGION", "us-east-1")
            .With("AWS_EC2_METADATA_DISABLED", "true").With("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
            .With("AWS_CONFIG_FILE", aws.Write("config", "[default]\ns3 =\n  signature_version = s3v4\n"));
        string file = MakeFile(aws, "up.bin", 9 * Reads.MiB);
        string url = $"s3://{TestProxy.Bucket}/{Key}";
        Task<string> S3(params string[] arguments) => aws.SucceedAsync(["--endpoint-url", _proxy.Data.ToString(), .. arguments]);

        await S3("s3", "cp", file, url);
        for (int i = 0; i < 2; i++)
        {
            string copy = Path.Combine(aws.Home, $"down{i}.bin");
            await S3("s3", "cp", url, copy);
            AssertSameFile(file, copy);
        }

        Assert.Contains("file+1 (é).bin", await S3("s3", "ls", $"s3://{TestProxy.Bucket}/a dir/"), StringComparison.Ordinal);
        Assert.Contains($"{9 * Reads.MiB}", await S3("s3api", "head-object", "--bucket", TestProxy.Bucket, "--key", Key), StringComparison.Ordinal);
        string presigned = (await S3("s3", "presign", url)).Trim();
        Assert.Equal(await File.ReadAllBytesAsync(file), await _proxy.Client.GetByteArrayAsync(new Uri(presigned)));
        await S3("s3", "cp", url, $"s3://{TestProxy.Bucket}/copy");
        await S3("s3", "rm", url);
        Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, Key));
        (int exitCode, _) = await aws.RunAsync("--endpoint-url", _proxy.Data.ToString(), "s3api", "head-object", "--bucket", TestProxy.Bucket, "--key", Key);
        Assert.NotEqual(0, exitCode);
        await S3("s3", "rm", "--recursive", $"s3://{TestProxy.Bucket}/");
        Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, "copy"));
    }

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
        string file = MakeFile(s3cmd, "up.bin", 3 * Reads.MiB);
        string url = $"s3://{TestProxy.Bucket}/{Key}";
        Task<string> S3(params string[] arguments) => s3cmd.SucceedAsync(["-c", configuration, "--no-progress", .. arguments]);

        await S3("put", file, url);
        for (int i = 0; i < 2; i++)
        {
            string copy = Path.Combine(s3cmd.Home, $"down{i}.bin");
            await S3("get", url, copy);
            AssertSameFile(file, copy);
        }

        Assert.Contains("file+1 (é).bin", await S3("ls", $"s3://{TestProxy.Bucket}/a dir/"), StringComparison.Ordinal);
        string signed = (await S3("signurl", url, "+600")).Trim();
        Assert.StartsWith("http", signed, StringComparison.Ordinal);
        await S3("cp", url, $"s3://{TestProxy.Bucket}/copy");
        await S3("del", url);
        Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, Key));
        await S3("del", "--recursive", "--force", $"s3://{TestProxy.Bucket}/");
        Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, "copy"));
    }

    [Fact]
    public async Task Curl()
    {
        using ClientTool? curl = await ClientTool.FindAsync("curl", output);
        if (curl is null)
        {
            return;
        }

        string file = MakeFile(curl, "up.bin", 100_000);
        string url = $"{_proxy.Data}{TestProxy.Bucket}/curl/file.bin";
        Task<string> Request(params string[] arguments) => curl.SucceedAsync(
        [
            "--silent", "--show-error", "--fail", "--noproxy", "*", "--aws-sigv4", "aws:amz:us-east-1:s3", "--user", $"{TestProxy.ClientKeyId}:{TestProxy.ClientSecret}",
            "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD", .. arguments, url,
        ]);

        await Request("--upload-file", file);
        string copy = Path.Combine(curl.Home, "down.bin");
        await Request("--output", copy);
        AssertSameFile(file, copy);
        Assert.Contains("x-cache: HIT", await Request("--head"), StringComparison.OrdinalIgnoreCase);
        await Request("--range", "5-9", "--output", copy);
        Assert.Equal((await File.ReadAllBytesAsync(file))[5..10], await File.ReadAllBytesAsync(copy));
        await Request("--request", "DELETE");
        Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, "curl/file.bin"));
    }

    private static string MakeFile(ClientTool tool, string name, int bytes)
    {
        string path = Path.Combine(tool.Home, name);
        byte[] content = new byte[bytes];
        new Testing.Integrity.SyntheticContent(bytes, 77).Fill(0, content);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static void AssertSameFile(string expected, string actual) =>
        Assert.True(File.ReadAllBytes(expected).AsSpan().SequenceEqual(File.ReadAllBytes(actual)), $"{actual} differs from what was uploaded");
}
