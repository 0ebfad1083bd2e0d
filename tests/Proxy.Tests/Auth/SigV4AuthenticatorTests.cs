using Microsoft.AspNetCore.Http;
using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Testing;
using static S3Proxy.Tests.Auth.AuthTestData;

namespace S3Proxy.Tests.Auth;

public class SigV4AuthenticatorTests
{
    [Fact]
    public void Published_example_get_object()
    {
        AuthenticationResult result = Authenticate("GET", "/test.txt", GetObjectHeaders());

        Assert.True(result.IsAuthenticated, result.Error?.ToString());
        Assert.Equal(AccessKeyId, result.Identity.AccessKeyId);
        Assert.Equal(PayloadKind.SignedHash, result.Payload.Kind);
        Assert.Null(result.ChunkSigning);
    }

    [Fact]
    public void Published_example_put_object()
    {
        var headers = new HeaderDictionary
        {
            ["Host"] = Host,
            ["Date"] = "Fri, 24 May 2013 00:00:00 GMT",
            ["x-amz-date"] = Timestamp,
            ["x-amz-storage-class"] = "REDUCED_REDUNDANCY",
            ["x-amz-content-sha256"] = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            ["Authorization"] = Authorization(
                "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class", "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        };

        Assert.True(Authenticate("PUT", "/test$file.text", headers).IsAuthenticated);
        Assert.True(Authenticate("PUT", "/test%24file.text", headers).IsAuthenticated);
    }

    [Theory]
    [InlineData("/?lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")]
    [InlineData("/?max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")]
    [InlineData("/?prefix=J&max-keys=2", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")]
    public void Published_examples_on_a_bucket(string target, string signature)
    {
        var headers = new HeaderDictionary
        {
            ["Host"] = Host,
            ["x-amz-date"] = Timestamp,
            ["x-amz-content-sha256"] = EmptyHash,
            ["Authorization"] = Authorization("host;x-amz-content-sha256;x-amz-date", signature),
        };

        Assert.True(Authenticate("GET", target, headers).IsAuthenticated);
    }

    [Fact]
    public void Published_example_presigned()
    {
        AuthenticationResult result = Authenticate("GET", PresignedTarget, new() { ["Host"] = Host }, Now.AddHours(23));

        Assert.True(result.IsAuthenticated, result.Error?.ToString());
        Assert.Equal(PayloadKind.Absent, result.Payload.Kind);
    }

    [Fact]
    public void A_remembered_signature_is_good_for_the_same_request_only()
    {
        SigV4Authenticator authenticator = new();
        for (int time = 0; time < 4; time++)
        {
            Assert.True(Ask("GET", PresignedTarget).IsAuthenticated);
        }

        Assert.False(Ask("HEAD", PresignedTarget).IsAuthenticated);
        Assert.False(Ask("GET", PresignedTarget.Replace("/test.txt", "/test.txu", StringComparison.Ordinal)).IsAuthenticated);
        Assert.False(Ask("GET", PresignedTarget.Replace("Expires=86400", "Expires=86401", StringComparison.Ordinal)).IsAuthenticated);
        Assert.False(Ask("GET", PresignedTarget.Replace("us-east-1", "us-east-2", StringComparison.Ordinal)).IsAuthenticated);
        Assert.False(Ask("GET", PresignedTarget + "&versionId=1").IsAuthenticated);
        Assert.False(Ask("GET", PresignedTarget, host: "other.s3.amazonaws.com").IsAuthenticated);
        Assert.False(Ask("GET", PresignedTarget, now: Now.AddHours(25)).IsAuthenticated);
        Assert.False(Ask("GET", PresignedTarget, keys: WithSecret("another secret")).IsAuthenticated);
        Assert.All(Enumerable.Range(1, 64), digit => Assert.False(Ask("GET", WithOtherDigit(digit)).IsAuthenticated));
        Assert.True(Ask("GET", PresignedTarget).IsAuthenticated);

        AuthenticationResult Ask(string method, string target, string host = Host, DateTimeOffset? now = null, AuthConfiguration? keys = null)
        {
            HeaderDictionary headers = new() { ["Host"] = host };
            return authenticator.Authenticate(Parse(method, target, headers), headers, keys ?? ExampleKeys, now ?? Now);
        }

        static string WithOtherDigit(int fromEnd) => PresignedTarget[..^fromEnd] + (PresignedTarget[^fromEnd] == '0' ? '1' : '0') + PresignedTarget[(PresignedTarget.Length - fromEnd + 1)..];
    }

    [Fact]
    public void Published_example_of_a_chunked_upload_gives_what_its_chunks_need()
    {
        const string Seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
        var headers = new HeaderDictionary
        {
            ["Host"] = "s3.amazonaws.com",
            ["x-amz-date"] = Timestamp,
            ["x-amz-storage-class"] = "REDUCED_REDUNDANCY",
            ["x-amz-content-sha256"] = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            ["Content-Encoding"] = "aws-chunked",
            ["x-amz-decoded-content-length"] = "66560",
            ["Content-Length"] = "66824",
            ["Authorization"] = Authorization(
                "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;x-amz-storage-class", Seed),
        };

        AuthenticationResult result = Authenticate("PUT", "/examplebucket/chunkObject.txt", headers);

        Assert.True(result.IsAuthenticated, result.Error?.ToString());
        Assert.Equal((PayloadKind.StreamingSigned, true), (result.Payload.Kind, result.Payload.HasChunkedEncoding));
        Assert.Equal(
            (Seed, Timestamp, "20130524/us-east-1/s3/aws4_request", 32),
            (result.ChunkSigning!.SeedSignature, result.ChunkSigning.Timestamp, result.ChunkSigning.Scope, result.ChunkSigning.SigningKey.Length));
    }

    [Fact]
    public void Blanks_in_header_values_and_fields_do_not_matter()
    {
        HeaderDictionary headers = GetObjectHeaders();
        headers["Range"] = "  bytes=0-9\t";
        headers["Authorization"] = headers["Authorization"].ToString().Replace(",", " ,  ", StringComparison.Ordinal);

        Assert.True(Authenticate("GET", "/test.txt", headers).IsAuthenticated);
    }

    [Fact]
    public void Any_spelling_of_the_path_has_the_same_signature() =>
        Assert.True(Authenticate("GET", "/%74est%2Etxt", GetObjectHeaders()).IsAuthenticated);

    [Fact]
    public void A_second_request_uses_the_cached_key_until_the_secret_rotates()
    {
        var authenticator = new SigV4Authenticator();
        HeaderDictionary headers = GetObjectHeaders();
        S3Request request = Parse("GET", "/test.txt", headers);

        Assert.True(authenticator.Authenticate(request, headers, ExampleKeys, Now).IsAuthenticated);
        Assert.True(authenticator.Authenticate(request, headers, ExampleKeys, Now).IsAuthenticated);
        Assert.Equal(S3ErrorCode.SignatureDoesNotMatch, authenticator.Authenticate(request, headers, WithSecret("rotated"), Now).Error!.Code);
    }

    [Fact]
    public void A_mismatch_shows_the_string_to_sign_and_no_secret()
    {
        HeaderDictionary headers = GetObjectHeaders();
        headers["Range"] = "bytes=0-10";

        S3Error error = Authenticate("GET", "/test.txt", headers).Error!;

        Assert.Equal(S3ErrorCode.SignatureDoesNotMatch, error.Code);
        Assert.Contains(error.Details, d => d.Key == "StringToSign" && d.Value.StartsWith("AWS4-HMAC-SHA256\n20130524T000000Z\n", StringComparison.Ordinal));
        Assert.DoesNotContain(SecretAccessKey, error.ToString() + string.Join(' ', error.Details), StringComparison.Ordinal);
    }

    [Fact]
    public void Anonymous_mode_asks_for_nothing()
    {
        AuthConfiguration anonymous = WithSecret(SecretAccessKey, AuthMode.Anonymous);

        Assert.True(Authenticate("GET", "/test.txt", new() { ["Host"] = Host }, configuration: anonymous).Identity!.IsAnonymous);
        Assert.True(Authenticate("GET", "/test.txt", new() { ["Authorization"] = "nonsense" }, configuration: anonymous).Identity!.IsAnonymous);
    }

    [Theory]
    [InlineData(15, true)]
    [InlineData(-15, true)]
    [InlineData(16, false)]
    [InlineData(-16, false)]
    public void Clock_skew_is_bounded(int minutes, bool isAccepted)
    {
        AuthenticationResult result = Authenticate("GET", "/test.txt", GetObjectHeaders(), Now.AddMinutes(minutes));

        Assert.Equal(isAccepted ? null : S3ErrorCode.RequestTimeTooSkewed, result.Error?.Code);
    }

    [Fact]
    public void Clock_skew_is_configurable()
    {
        AuthConfiguration strict = ExampleKeys with { ClockSkew = TimeSpan.FromSeconds(1) };

        Assert.Equal(
            S3ErrorCode.RequestTimeTooSkewed, Authenticate("GET", "/test.txt", GetObjectHeaders(), Now.AddSeconds(2), strict).Error!.Code);
    }

    [Theory]
    [InlineData(-16 * 60, false, "not yet valid")]
    [InlineData(-15 * 60, true, null)]
    [InlineData(86_400, true, null)]
    [InlineData(86_401, false, "expired")]
    public void Presigned_lifetime(int seconds, bool isAccepted, string? message)
    {
        AuthenticationResult result = Authenticate("GET", PresignedTarget, new() { ["Host"] = Host }, Now.AddSeconds(seconds));

        Assert.Equal(isAccepted, result.IsAuthenticated);
        Assert.Equal(isAccepted ? null : S3ErrorCode.AccessDenied, result.Error?.Code);
        Assert.Contains(message ?? "", result.Error?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_verified_read_allocates_little()
    {
        var authenticator = new SigV4Authenticator();
        HeaderDictionary headers = GetObjectHeaders();
        S3Request request = Parse("GET", "/test.txt", headers);
        Assert.InRange(AllocationBudgets.BytesPerCall(100, () => authenticator.Authenticate(request, headers, ExampleKeys, Now)), 0, 256);
    }
}
