using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using S3Proxy.Protocol;
using static S3Proxy.Tests.Auth.AuthTestData;

namespace S3Proxy.Tests.Auth;

public class SigV4AuthenticatorRefusalTests
{
    private const string Valid = "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
        + "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";

    [Theory]
    [InlineData("method", "HEAD", "/test.txt", null, null)]
    [InlineData("path", "GET", "/test.tx", null, null)]
    [InlineData("path slash", "GET", "//test.txt", null, null)]
    [InlineData("path case", "GET", "/Test.txt", null, null)]
    [InlineData("query", "GET", "/test.txt?versionId=1", null, null)]
    [InlineData("signed header", "GET", "/test.txt", "Range", "bytes=0-8")]
    [InlineData("signed header gone", "GET", "/test.txt", "Range", null)]
    [InlineData("date", "GET", "/test.txt", "x-amz-date", "20130524T000001Z")]
    [InlineData("payload", "GET", "/test.txt", "x-amz-content-sha256", "UNSIGNED-PAYLOAD")]
    [InlineData("host", "GET", "/test.txt", "Host", "examplebucket.s3.amazonaws.com:8080")]
    [InlineData("bucket in the host", "GET", "/test.txt", "Host", "otherbucket.s3.amazonaws.com")]
    public void A_changed_element_breaks_the_signature(string what, string method, string target, string? header, string? value)
    {
        HeaderDictionary headers = GetObjectHeaders();
        if (header is not null)
        {
            headers[header] = value;
        }

        Assert.True(Authenticate(method, target, headers).Error?.Code == S3ErrorCode.SignatureDoesNotMatch, what);
    }

    [Theory]
    [InlineData("us-east-1/s3", "eu-west-1/s3", S3ErrorCode.SignatureDoesNotMatch)]
    [InlineData("=f0e8", "=f0e9", S3ErrorCode.SignatureDoesNotMatch)]
    [InlineData(";range;", ";", S3ErrorCode.SignatureDoesNotMatch)]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7UNKNOWN", S3ErrorCode.InvalidAccessKeyId)]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "akiaiosfodnn7example", S3ErrorCode.InvalidAccessKeyId)]
    [InlineData("20130524/", "20130525/", S3ErrorCode.AuthorizationHeaderMalformed)]
    [InlineData(";x-amz-date,", ",", S3ErrorCode.AccessDenied)]
    [InlineData("host;", "", S3ErrorCode.AuthorizationHeaderMalformed)]
    public void A_changed_authorization_is_refused(string old, string changed, object expected)
    {
        HeaderDictionary headers = GetObjectHeaders();
        headers["Authorization"] = "AWS4-HMAC-SHA256 " + Valid.Replace(old, changed, StringComparison.Ordinal);

        Assert.Equal(expected, Authenticate("GET", "/test.txt", headers).Error!.Code);
    }

    [Theory]
    [InlineData("", S3ErrorCode.AccessDenied)]
    [InlineData("AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=", S3ErrorCode.InvalidRequest)]
    [InlineData("Basic dXNlcjpwYXNz", S3ErrorCode.InvalidRequest)]
    [InlineData("AWS4-ECDSA-P256-SHA256 " + Valid, S3ErrorCode.InvalidRequest)]
    [InlineData("AWS4-HMAC-SHA256", S3ErrorCode.AuthorizationHeaderMalformed)]
    [InlineData("AWS4-HMAC-SHA256 ", S3ErrorCode.AuthorizationHeaderMalformed)]
    [InlineData("AWS4-HMAC-SHA256 " + Valid + ",", S3ErrorCode.AuthorizationHeaderMalformed)]
    [InlineData("AWS4-HMAC-SHA256 " + Valid + ",Extra=1", S3ErrorCode.AuthorizationHeaderMalformed)]
    [InlineData("AWS4-HMAC-SHA256 " + Valid + "," + Valid, S3ErrorCode.AuthorizationHeaderMalformed)]
    public void Other_authorizations_are_refused(string authorization, object expected)
    {
        HeaderDictionary headers = GetObjectHeaders();
        headers["Authorization"] = authorization.Length == 0 ? default(Microsoft.Extensions.Primitives.StringValues) : authorization;

        Assert.Equal(expected, Authenticate("GET", "/test.txt", headers).Error!.Code);
    }

    [Theory]
    [InlineData("/s3/", "/ec2/")]
    [InlineData("aws4_request", "aws5_request")]
    [InlineData("us-east-1/s3", "/s3")]
    [InlineData("us-east-1", "us east")]
    [InlineData("20130524/us", "2013052/us")]
    [InlineData("20130524/us", "2013-5-24/us")]
    [InlineData("AKIAIOSFODNN7EXAMPLE/", "/")]
    [InlineData("AKIAIOSFODNN7EXAMPLE/20130524/", "")]
    [InlineData("Credential=", "Credentials=")]
    [InlineData("SignedHeaders=host", "SignedHeaders=Host")]
    [InlineData("SignedHeaders=host", "SignedHeaders=host;host")]
    [InlineData("SignedHeaders=host", "SignedHeaders=;host")]
    [InlineData("41", "4")]
    [InlineData("=f0e8", "=F0E8")]
    [InlineData("=f0e8", "=zzzz")]
    [InlineData(",Signature=", ",Signature")]
    public void Malformed_authorizations_are_told_as_such(string old, string changed)
    {
        HeaderDictionary headers = GetObjectHeaders();
        headers["Authorization"] = "AWS4-HMAC-SHA256 " + Valid.Replace(old, changed, StringComparison.Ordinal);

        Assert.Equal(S3ErrorCode.AuthorizationHeaderMalformed, Authenticate("GET", "/test.txt", headers).Error!.Code);
    }

    [Theory]
    [InlineData("x-amz-acl", "public-read", S3ErrorCode.AccessDenied)]
    [InlineData("x-amz-meta-a", "", S3ErrorCode.AccessDenied)]
    [InlineData("X-AMZ-Copy-Source", "bucket/key", S3ErrorCode.AccessDenied)]
    [InlineData("x-amz-security-token", "token", S3ErrorCode.InvalidToken)]
    [InlineData("x-amz-content-sha256", null, S3ErrorCode.MissingSecurityHeader)]
    [InlineData("x-amz-content-sha256", "nonsense", S3ErrorCode.InvalidArgument)]
    [InlineData("x-amz-date", null, S3ErrorCode.AccessDenied)]
    [InlineData("x-amz-date", "2013-05-24T00:00:00Z", S3ErrorCode.AccessDenied)]
    [InlineData("x-amz-date", "20130524T250000Z", S3ErrorCode.AccessDenied)]
    public void Headers_that_must_not_or_must_be_there(string header, string? value, object expected)
    {
        HeaderDictionary headers = GetObjectHeaders();
        headers[header] = value;

        Assert.Equal(expected, Authenticate("GET", "/test.txt", headers).Error!.Code);
    }

    [Fact]
    public void Two_authorizations_are_refused()
    {
        HeaderDictionary headers = GetObjectHeaders();
        headers["Authorization"] = new([headers["Authorization"].ToString(), headers["Authorization"].ToString()]);

        Assert.Equal(S3ErrorCode.AuthorizationHeaderMalformed, Authenticate("GET", "/test.txt", headers).Error!.Code);
        Assert.Equal(S3ErrorCode.InvalidArgument, Authenticate("GET", PresignedTarget, GetObjectHeaders()).Error!.Code);
    }

    [Theory]
    [InlineData("/test.txt", "/test.tx")]
    [InlineData("Expires=86400", "Expires=86401")]
    [InlineData("us-east-1", "us-east-2")]
    [InlineData("&X-Amz-Signature", "&versionId=1&X-Amz-Signature")]
    [InlineData("=aeeed", "=aeeee")]
    public void A_changed_presigned_url_is_refused(string old, string changed) =>
        Assert.Equal(S3ErrorCode.SignatureDoesNotMatch, Presigned(old, changed));

    [Theory]
    [InlineData("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")]
    [InlineData("X-Amz-Algorithm=AWS4-HMAC-SHA256&", "")]
    [InlineData("&X-Amz-Expires=86400", "")]
    [InlineData("&X-Amz-SignedHeaders=host", "")]
    [InlineData("&X-Amz-Date=20130524T000000Z", "")]
    [InlineData("Expires=86400", "Expires=0")]
    [InlineData("Expires=86400", "Expires=604801")]
    [InlineData("Expires=86400", "Expires=-1")]
    [InlineData("Expires=86400", "Expires=99999999999999999999")]
    [InlineData("Expires=86400", "Expires=1e3")]
    [InlineData("T000000Z", "T0000Z")]
    [InlineData("Date=20130524", "Date=20130523")]
    [InlineData("SignedHeaders=host", "SignedHeaders=x-amz-date")]
    [InlineData("%2Fs3%2F", "%2Fsqs%2F")]
    [InlineData("d404", "d40")]
    public void Malformed_presigned_urls_are_told_as_such(string old, string changed) =>
        Assert.Equal(S3ErrorCode.AuthorizationQueryParametersError, Presigned(old, changed));

    [Fact]
    public void Other_refusals_of_presigned_urls()
    {
        Assert.Equal(S3ErrorCode.InvalidAccessKeyId, Presigned("AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7UNKNOWN"));
        Assert.Equal(S3ErrorCode.InvalidToken, Presigned("&X-Amz-Signature", "&X-Amz-Security-Token=t&X-Amz-Signature"));
        Assert.Equal(S3ErrorCode.SignatureDoesNotMatch, Presigned("&X-Amz-Signature", "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-Signature"));
        var unsigned = new HeaderDictionary { ["Host"] = Host, ["x-amz-copy-source"] = "foreign/key" };
        Assert.Equal(S3ErrorCode.AccessDenied, Authenticate("GET", PresignedTarget, unsigned).Error!.Code);
        Assert.Equal(
            S3ErrorCode.InvalidRequest,
            Authenticate("GET", "/test.txt?AWSAccessKeyId=AK&Expires=1&Signature=x", new() { ["Host"] = Host }).Error!.Code);
    }

    [Fact]
    public void Garbage_never_throws_and_is_never_accepted() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(string, string, string)>(), input =>
        {
            (string a, string b, string c) = input;
            string target = "/k?" + string.Join('&', new[] { "X-Amz-Credential=" + a, "X-Amz-Date=" + b, "X-Amz-SignedHeaders=host;" + c, "X-Amz-Signature=" + a }
                .Select(p => p[..(p.IndexOf('=') + 1)] + Uri.EscapeDataString(string.Concat(p[(p.IndexOf('=') + 1)..].EnumerateRunes()))));
            HeaderDictionary[] variants =
            [
                new() { ["Authorization"] = a },
                new() { ["Authorization"] = "AWS4-HMAC-SHA256 " + a },
                new() { ["Authorization"] = $"AWS4-HMAC-SHA256 Credential={a}/{b}/{c}/s3/aws4_request,SignedHeaders={b},Signature={c}", ["x-amz-date"] = b },
                new() { ["Authorization"] = "AWS4-HMAC-SHA256 " + Valid, ["x-amz-date"] = Timestamp, ["range"] = a, ["x-amz-content-sha256"] = EmptyHash },
                [],
            ];
            bool refused = variants.All(headers => !Authenticate("GET", "/bucket/key", headers).IsAuthenticated);
            return refused && !Authenticate("GET", target + "&X-Amz-Expires=10&X-Amz-Algorithm=AWS4-HMAC-SHA256", new() { ["Host"] = Host }).IsAuthenticated;
        }).QuickCheckThrowOnFailure();

    private static S3ErrorCode? Presigned(string old, string changed)
    {
        Assert.Contains(old, PresignedTarget, StringComparison.Ordinal);
        return Authenticate("GET", PresignedTarget.Replace(old, changed, StringComparison.Ordinal), new() { ["Host"] = Host }).Error?.Code;
    }
}
