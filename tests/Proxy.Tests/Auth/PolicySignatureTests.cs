using System.Text;
using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Auth;

/// <summary>The example of the S3 API Reference ("Example: Browser-Based Upload using HTTP POST"), and ways to get it wrong. Requirements A1, A5.</summary>
public sealed class PolicySignatureTests
{
    private const string Credential = "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request";
    private const string Timestamp = "20151229T000000Z";
    private const string Signature = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e";

    private static readonly DateTimeOffset Now = new(2015, 12, 29, 1, 0, 0, TimeSpan.Zero);

    private static readonly string Policy = Convert.ToBase64String(Encoding.UTF8.GetBytes(
        """
        { "expiration": "2015-12-30T12:00:00.000Z",
          "conditions": [
            {"bucket": "sigv4examplebucket"},
            ["starts-with", "$key", "user/user1/"],
            {"acl": "public-read"},
            {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},
            ["starts-with", "$Content-Type", "image/"],
            {"x-amz-meta-uuid": "14365123651274"},
            {"x-amz-server-side-encryption": "AES256"},
            ["starts-with", "$x-amz-meta-tag", ""],

            {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},
            {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
            {"x-amz-date": "20151229T000000Z" }
          ]
        }
        """.ReplaceLineEndings("\r\n")));

    private static readonly PolicySignature Example = new(Policy, "AWS4-HMAC-SHA256", Credential, Timestamp, Signature);

    [Fact]
    public void Published_example()
    {
        AuthenticationResult result = Authenticate(Example);
        Assert.True(result.IsAuthenticated, result.Error?.ToString());
        Assert.Equal(AuthTestData.AccessKeyId, result.Identity.AccessKeyId);
    }

    [Fact]
    public void What_is_not_signed_is_refused()
    {
        Assert.Equal(S3ErrorCode.SignatureDoesNotMatch, Authenticate(Example with { Policy = Policy[..^4] + "fQ==" }).Error?.Code);
        Assert.Equal(S3ErrorCode.SignatureDoesNotMatch, Authenticate(Example with { Signature = Signature[..^1] + "f" }).Error?.Code);
        Assert.Equal(S3ErrorCode.SignatureDoesNotMatch, Authenticate(Example, AuthTestData.WithSecret("another")).Error?.Code);
        Assert.Equal(S3ErrorCode.InvalidAccessKeyId, Authenticate(Example with { Credential = "AKIAI" + Credential }).Error?.Code);
    }

    [Fact]
    public void Missing_and_malformed_fields_are_refused()
    {
        Assert.Equal(S3ErrorCode.InvalidRequest, Authenticate(Example with { Algorithm = null }).Error?.Code);
        Assert.Equal(S3ErrorCode.InvalidRequest, Authenticate(Example with { Algorithm = "AWS4-HMAC-SHA1" }).Error?.Code);
        PolicySignature[] malformed =
        [
            Example with { Credential = null }, Example with { Timestamp = null }, Example with { Signature = null }, Example with { Credential = "x" },
            Example with { Signature = Signature.ToUpperInvariant() }, Example with { Signature = "é" }, Example with { Timestamp = "20151228T000000Z" },
            Example with { Timestamp = "yesterday" }, Example with { Credential = Credential.Replace("s3", "sqs", StringComparison.Ordinal) },
        ];
        Assert.All(malformed, form => Assert.Equal(S3ErrorCode.InvalidArgument, Authenticate(form).Error?.Code));
    }

    [Fact]
    public void A_signature_is_good_for_a_week()
    {
        Assert.True(Authenticate(Example, now: Now.AddDays(6)).IsAuthenticated);
        Assert.Equal(S3ErrorCode.AccessDenied, Authenticate(Example, now: Now.AddDays(7)).Error?.Code);
        Assert.Equal(S3ErrorCode.AccessDenied, Authenticate(Example, now: Now.AddDays(-1)).Error?.Code);
    }

    private static AuthenticationResult Authenticate(PolicySignature form, AuthConfiguration? configuration = null, DateTimeOffset? now = null) =>
        new SigV4Authenticator().AuthenticatePolicy(form, configuration ?? AuthTestData.ExampleKeys, now ?? Now);
}
