using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Configuration;
using S3Proxy.FunctionalTests.Clients;
using Xunit.Abstractions;

namespace S3Proxy.FunctionalTests.Forms;

/// <summary>Forms that SDKs have signed and that clients of other makes have written; requirement S10. Where a program is not installed its test says so and passes.</summary>
public sealed class PostFormClientTests(ITestOutputHelper output) : IAsyncLifetime
{
    private TestProxy _proxy = null!;

    public async Task InitializeAsync() => _proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4 });

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Fact]
    public async Task Signed_by_the_dotnet_sdk_and_sent_by_dotnet()
    {
        using AmazonS3Client sdk = SdkClients.Create(_proxy.Data);
        CreatePresignedPostResponse signed = await SignAsync(sdk, "dotnet/${filename}");
        using MultipartFormDataContent form = [];
        foreach ((string name, string value) in signed.Fields)
        {
            form.Add(new StringContent(value), name);
        }

        form.Add(new ByteArrayContent("of dotnet"u8.ToArray()), "file", "upload.txt");
        using HttpResponseMessage posted = await _proxy.Client.PostAsync(new Uri(signed.Url), form);
        Assert.True(posted.IsSuccessStatusCode, await posted.Content.ReadAsStringAsync());
        Assert.Equal("of dotnet", Encoding.UTF8.GetString(await _proxy.Direct.ReadAsync("dotnet/upload.txt")));
    }

    [Fact]
    public async Task Signed_by_the_dotnet_sdk_and_sent_by_curl()
    {
        using ClientTool? curl = await ClientTool.FindAsync("curl", output);
        if (curl is null)
        {
            return;
        }

        using AmazonS3Client sdk = SdkClients.Create(_proxy.Data);
        CreatePresignedPostResponse signed = await SignAsync(sdk, "curl/${filename}");
        string file = curl.Write("notes \"1\".txt", new string('c', 300_000));
        await curl.SucceedAsync(
            ["--silent", "--show-error", "--fail", "--noproxy", "*", .. signed.Fields.SelectMany(field => (string[])["--form-string", $"{field.Key}={field.Value}"]), "-F", $"file=@\"{file.Replace("\"", "\\\"", StringComparison.Ordinal)}\"", signed.Url]);
        Assert.NotEmpty(_proxy.Origin.Traffic.Requests);
        using HttpResponseMessage read = await _proxy.Direct.SendAsync(HttpMethod.Get, TestProxy.Bucket, null, "list-type=2&prefix=curl%2F");
        Assert.Contains("<Size>300000</Size>", await read.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signed_by_boto3_and_sent_by_python()
    {
        using ClientTool? python = await ClientTool.FindAsync("python3", output);
        if (python is null || (await python.RunAsync("-c", "import boto3, requests")).ExitCode != 0)
        {
            output.WriteLine("Not run: python3 has no boto3 or no requests.");
            return;
        }

        string script = python.Write("post.py", $$"""
            import boto3, requests
            from botocore.config import Config
            s3 = boto3.client('s3', endpoint_url='{{_proxy.Data}}', aws_access_key_id='{{TestProxy.ClientKeyId}}', aws_secret_access_key='{{TestProxy.ClientSecret}}',
                              region_name='us-east-1', config=Config(signature_version='s3v4', s3=dict(addressing_style='path')))
            post = s3.generate_presigned_post('{{TestProxy.Bucket}}', 'python/a b', Fields={'x-amz-meta-note': 'n'},
                                              Conditions=[['content-length-range', 1, 2000000], ['starts-with', '$x-amz-meta-note', '']])
            session = requests.Session()
            session.trust_env = False
            answer = session.post(post['url'], data=post['fields'], files=dict(file=('name.bin', b'p' * 1500000)))
            assert answer.status_code == 204, answer.text
            answer = session.post(post['url'], data=post['fields'], files=dict(file=('name.bin', b'')))
            assert 'EntityTooSmall' in answer.text, answer.text
            """);
        await python.SucceedAsync(script);
        Assert.Equal(1_500_000, _proxy.Origin.FindObject(TestProxy.Bucket, "python/a b")?.SizeBytes);
    }

    private static Task<CreatePresignedPostResponse> SignAsync(AmazonS3Client sdk, string key) => sdk.CreatePresignedPostAsync(new CreatePresignedPostRequest
    {
        BucketName = TestProxy.Bucket,
        Key = key,
        Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(10),
    });
}
