using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Origin.Signing;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;
using S3Proxy.Tests.Auth;

namespace S3Proxy.Tests.Origin.Signing;

public sealed class OriginRequestSignerTests(CaptureServer server) : IClassFixture<CaptureServer>
{
    private static readonly SigningCredentials Credentials = new(AuthTestData.AccessKeyId, AuthTestData.SecretAccessKey);

    public static TheoryData<string> Keys => TrickyKeys.All;

    [Theory]
    [InlineData("lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")]
    [InlineData("max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")]
    [InlineData("prefix=J&max-keys=2", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")]
    public void Published_examples(string query, string signature)
    {
        OriginConfiguration origin = OriginUriTests.Origin(AddressingStyle.Host);
        using var message = new HttpRequestMessage(
            HttpMethod.Get, OriginUri.Build(origin, new Uri("https://s3.amazonaws.com"), "examplebucket", null, query));

        new OriginRequestSigner().Sign(message, origin, Credentials, SigV4Signature.EmptyPayloadSha256, AuthTestData.Now);

        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            + $"SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}",
            message.Headers.NonValidated["Authorization"].ToString());
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task What_arrives_is_what_was_signed(string key)
    {
        OriginConfiguration origin = OriginUriTests.Origin(AddressingStyle.Path);
        string query = CanonicalQuery.Build([new("versionId", key), new("partNumber", "1")]);
        using var message = new HttpRequestMessage(HttpMethod.Get, OriginUri.Build(origin, server.Endpoint, "bucket", key, query));
        message.Headers.TryAddWithoutValidation("Range", "bytes=0-9");
        message.Headers.TryAddWithoutValidation("x-amz-checksum-mode", "ENABLED");
        message.Headers.TryAddWithoutValidation("X-Amz-Meta-List", ["a", " b  c"]);

        AuthenticationResult result = await SendAsync(message, origin, key);

        Assert.True(result.IsAuthenticated, $"{result.Error} {string.Join(' ', result.Error?.Details ?? [])}");
    }

    [Fact]
    public async Task Signing_again_replaces_the_first_signature()
    {
        OriginConfiguration origin = OriginUriTests.Origin(AddressingStyle.Path);
        using var message = new HttpRequestMessage(HttpMethod.Put, OriginUri.Build(origin, server.Endpoint, "bucket", "k", ""))
        {
            Content = new StringContent("body"),
        };
        message.Headers.TryAddWithoutValidation("Authorization", "AWS4-HMAC-SHA256 from the client");
        message.Headers.TryAddWithoutValidation("x-amz-date", "20000101T000000Z");
        message.Headers.TryAddWithoutValidation("x-amz-security-token", "of the client");
        new OriginRequestSigner().Sign(message, origin, Credentials, "UNSIGNED-PAYLOAD", AuthTestData.Now.AddDays(1));

        AuthenticationResult result = await SendAsync(message, origin, "k", "UNSIGNED-PAYLOAD");

        Assert.True(result.IsAuthenticated, result.Error?.ToString());
        Assert.Equal(PayloadKind.Unsigned, result.Payload.Kind);
    }

    [Fact]
    public void Session_tokens_are_sent_and_signed()
    {
        OriginConfiguration origin = OriginUriTests.Origin(AddressingStyle.Path);
        using var message = new HttpRequestMessage(HttpMethod.Get, OriginUri.Build(origin, server.Endpoint, "bucket", "k", ""));

        new OriginRequestSigner().Sign(message, origin, Credentials with { SessionToken = "token" }, SigV4Signature.EmptyPayloadSha256, AuthTestData.Now);

        Assert.Equal("token", message.Headers.NonValidated["x-amz-security-token"].ToString());
        Assert.Contains(
            "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token,",
            message.Headers.NonValidated["Authorization"].ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_carries_a_port_only_when_it_is_not_the_default()
    {
        Assert.Equal("localhost", HostOf("http://localhost:80"));
        Assert.Equal("localhost:8080", HostOf("http://localhost:8080"));
        Assert.Equal("[::1]:8080", HostOf("http://[::1]:8080"));

        static string? HostOf(string endpoint)
        {
            OriginConfiguration origin = OriginUriTests.Origin(AddressingStyle.Path);
            using var message = new HttpRequestMessage(HttpMethod.Get, OriginUri.Build(origin, new Uri(endpoint), "bucket", "k", ""));
            new OriginRequestSigner().Sign(message, origin, Credentials, SigV4Signature.EmptyPayloadSha256, AuthTestData.Now);
            return message.Headers.Host;
        }
    }

    private async Task<AuthenticationResult> SendAsync(
        HttpRequestMessage message, OriginConfiguration origin, string key, string payloadHash = SigV4Signature.EmptyPayloadSha256)
    {
        new OriginRequestSigner().Sign(message, origin, Credentials, payloadHash, AuthTestData.Now);
        using var client = new HttpClient();
        using HttpResponseMessage response = await client.SendAsync(message);
        CapturedRequest captured = server.Take();
        Assert.Equal(message.RequestUri!.OriginalString, server.Endpoint.GetLeftPart(UriPartial.Authority) + captured.RawTarget);

        bool ok = S3RequestParser.TryParse(
            captured.Method, captured.RawTarget, captured.Headers["Host"].ToString(), captured.Headers, null, out S3Request? request, out S3Error? error);
        Assert.True(ok, error?.ToString());
        Assert.Equal(key, request!.Key?.Value);
        return new SigV4Authenticator().Authenticate(request, captured.Headers, AuthTestData.ExampleKeys, AuthTestData.Now);
    }
}
