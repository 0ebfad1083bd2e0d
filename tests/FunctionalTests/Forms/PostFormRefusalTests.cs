using System.Net;
using System.Text;
using S3Proxy.Configuration;
using S3Proxy.Protocol;

namespace S3Proxy.FunctionalTests.Forms;

/// <summary>Forms that must not be stored: the object stays as it was, and the browser is told why in S3's words. Requirements S6, S9, A2, R3.</summary>
public sealed class PostFormRefusalTests : IAsyncLifetime
{
    private const string Key = "mine/kept";
    private static readonly byte[] Content = "content of the file"u8.ToArray();
    private static readonly SignedForm Good = SignedForm.Of(Key, Content);
    private static readonly string LateField = $"\r\n--{SignedForm.Boundary}\r\nContent-Disposition: form-data; name=\"late\"\r\n\r\nvalue{Good.Ending}";

    private static readonly Dictionary<string, (SignedForm Form, string Code)> Forms = new()
    {
        ["no key"] = (Good with { Fields = [] }, "UserKeyMustBeSpecified"),
        ["empty key"] = (SignedForm.Of("", Content), "UserKeyMustBeSpecified"),
        ["long key"] = (SignedForm.Of(new string('k', 1025), Content), "KeyTooLongError"),
        ["wrong secret"] = (Good with { Secret = "guessed" }, "SignatureDoesNotMatch"),
        ["unknown key id"] = (Good with { AccessKeyId = "STRANGER" }, "InvalidAccessKeyId"),
        ["expired"] = (Good with { Lifetime = TimeSpan.FromSeconds(-1) }, "AccessDenied"),
        ["from the future"] = (Good with { SignedAt = TimeProvider.System.GetUtcNow().AddHours(1) }, "AccessDenied"),
        ["old"] = (Good with { SignedAt = TimeProvider.System.GetUtcNow().AddDays(-8), Lifetime = TimeSpan.FromDays(30) }, "AccessDenied"),
        ["extra field"] = (Good with { Unsigned = [new("acl", "public-read")] }, "AccessDenied"),
        ["condition"] = (Good with { Conditions = """["starts-with", "$key", "theirs/"]""" }, "AccessDenied"),
        ["bucket of another form"] = (Good with { Unsigned = [new("bucket", "elsewhere")] }, "InvalidArgument"),
        ["field twice"] = (Good with { Unsigned = [new("KEY", "mine/other")] }, "InvalidArgument"),
        ["session token"] = (SignedForm.Of(Key, Content, [new("x-amz-security-token", "t")]), "InvalidToken"),
        ["too large"] = (Good with { Conditions = $"{{\"key\": \"{Key}\"}}, [\"content-length-range\", 0, 18]" }, "EntityTooLarge"),
        ["too small"] = (Good with { Conditions = $"{{\"key\": \"{Key}\"}}, [\"content-length-range\", 20, 100]" }, "EntityTooSmall"),
        ["no policy language"] = (Good with { Conditions = "[\"regex\", \"$key\", \".*\"]" }, "InvalidPolicyDocument"),
        ["grant of another prefix"] = (SignedForm.Of("theirs/kept", Content) with { AccessKeyId = "PREFIX", Secret = "prefix-secret" }, "AccessDenied"),
        ["no grant to write"] = (Good with { AccessKeyId = "READER", Secret = "reader-secret" }, "AccessDenied"),
        ["many bytes before the file"] = (Good with { Unsigned = [new("x-ignore-much", new string('x', 21_000))] }, "MaxPostPreDataLengthExceededError"),
        ["line in a header"] = (SignedForm.Of(Key, Content, [new("x-amz-meta-a", "one\r\ntwo")]), "InvalidArgument"),
        ["field behind the file"] = (Good with { Ending = LateField }, "MalformedPOSTRequest"),
        ["field behind a long file"] = (Good with { Content = new byte[100_000], Ending = LateField }, "MalformedPOSTRequest"),
        ["no closing boundary"] = (Good with { Ending = "\r\n" }, "MalformedPOSTRequest"),
        ["an epilogue"] = (Good with { Ending = Good.Ending + "epilogue" }, "MalformedPOSTRequest"),
        ["the boundary in the file"] = (Good with { Content = Encoding.UTF8.GetBytes($"a\r\n--{SignedForm.Boundary}x") }, "MalformedPOSTRequest"),
        ["the boundary in a long file"] = (Good with { Content = [.. new byte[70_000], .. Encoding.UTF8.GetBytes($"\r\n--{SignedForm.Boundary}"), .. new byte[70_000]] }, "MalformedPOSTRequest"),
        ["a long file and no line end"] = (Good with { Content = new byte[100_000], Ending = $"\r\n--{SignedForm.Boundary}--" }, "MalformedPOSTRequest"),
        ["tags"] = (SignedForm.Of(Key, Content, [new("tagging", "a=b")]), "MalformedXML"),
        ["no bucket"] = (Good with { Bucket = "ab" }, "InvalidBucketName"),
    };

    private TestProxy _proxy = null!;

    public static TheoryData<string> Names => [.. Forms.Keys];

    public async Task InitializeAsync()
    {
        TestProxyOptions usual = new() { Auth = AuthMode.SigV4 };
        _proxy = await TestProxy.StartAsync(usual with
        {
            Keys =
            [
                .. usual.Keys,
                new ClientKey { AccessKeyId = "PREFIX", SecretAccessKey = "prefix-secret", Grants = [new Grant { Bucket = "*", Prefix = "mine/", Actions = S3Actions.Write }] },
                new ClientKey { AccessKeyId = "READER", SecretAccessKey = "reader-secret", Grants = [new Grant { Bucket = "*", Actions = S3Actions.Read | S3Actions.List }] },
            ],
        });
        _proxy.Origin.PutObject(TestProxy.Bucket, Key, "old"u8.ToArray());
        await _proxy.Signed.ReadAsync(Key);
    }

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Refused(string name)
    {
        (SignedForm form, string code) = Forms[name];
        using HttpResponseMessage posted = await form.PostAsync(_proxy.Client);
        string body = await posted.Content.ReadAsStringAsync();
        Assert.Contains($"<Code>{code}</Code>", body, StringComparison.Ordinal);
        Assert.DoesNotContain(TestProxy.ClientSecret, body, StringComparison.Ordinal);
        await AssertKeptAsync();
    }

    [Fact]
    public async Task A_grant_for_the_key_is_enough()
    {
        using HttpResponseMessage posted = await (Good with { AccessKeyId = "PREFIX", Secret = "prefix-secret" }).PostAsync(_proxy.Client);
        Assert.Equal(HttpStatusCode.NoContent, posted.StatusCode);
    }

    [Fact]
    public async Task A_form_without_policy_length_or_boundary()
    {
        byte[] unsigned = Encoding.UTF8.GetBytes(
            $"--{SignedForm.Boundary}\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n{Key}\r\n--{SignedForm.Boundary}\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx{Good.Ending}");
        using HttpResponseMessage noPolicy = await Good.PostAsync(_proxy.Client, new ByteArrayContent(unsigned));
        Assert.Contains("<Code>AccessDenied</Code>", await noPolicy.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using HttpRequestMessage chunked = Good.Request(new ByteArrayContent(Good.Body()));
        chunked.Headers.TransferEncodingChunked = true;
        using HttpResponseMessage noLength = await _proxy.Client.SendAsync(chunked);
        Assert.Equal(HttpStatusCode.LengthRequired, noLength.StatusCode);

        using HttpRequestMessage bare = Good.Request(new ByteArrayContent(Good.Body()));
        bare.Content!.Headers.ContentType!.Parameters.Clear();
        using HttpResponseMessage noBoundary = await _proxy.Client.SendAsync(bare);
        Assert.Contains("<Code>MalformedPOSTRequest</Code>", await noBoundary.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await AssertKeptAsync();
    }

    /// <summary>Wherever a browser leaves, nothing is stored.</summary>
    [Fact]
    public async Task A_form_that_breaks_off()
    {
        byte[] body = (Good with { Content = new byte[200_000] }).Body();
        foreach (int length in (int[])[1, 100, 900, 2_000, 100_000, body.Length - Good.Ending.Length, body.Length - 1])
        {
            using HttpContent broken = new SplitContent(body, length, static () => throw new IOException("abandoned"));
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => Good.PostAsync(_proxy.Client, broken));
        }

        await _proxy.Origin.Traffic.WaitForIdleAsync();
        await AssertKeptAsync();
    }

    private async Task AssertKeptAsync()
    {
        await _proxy.Origin.Traffic.WaitForIdleAsync();
        Assert.Equal(3, _proxy.Origin.FindObject(TestProxy.Bucket, Key)?.SizeBytes);
        Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, "mine/other"));
        Assert.Equal("old"u8.ToArray(), await _proxy.Signed.ReadAsync(Key));
    }
}
