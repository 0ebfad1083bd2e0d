using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Auth;

/// <summary>
/// The key and the requests of the examples in the S3 API Reference ("Signature calculations for the Authorization header").
/// </summary>
internal static class AuthTestData
{
    public const string AccessKeyId = "AKIAIOSFODNN7EXAMPLE";
    public const string SecretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    public const string Host = "examplebucket.s3.amazonaws.com";
    public const string Timestamp = "20130524T000000Z";

    public const string PresignedTarget =
        "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";

    public static readonly DateTimeOffset Now = new(2013, 5, 24, 0, 0, 0, TimeSpan.Zero);

    public static AuthConfiguration ExampleKeys { get; } = WithSecret(SecretAccessKey);

    public static AuthConfiguration WithSecret(string secret, AuthMode mode = AuthMode.SigV4) => new()
    {
        Mode = mode,
        Keys = new Dictionary<string, ClientKey>
        {
            [AccessKeyId] = new() { AccessKeyId = AccessKeyId, SecretAccessKey = secret, Grants = [] },
        }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    public static string Authorization(string signedHeaders, string signature) =>
        $"AWS4-HMAC-SHA256 Credential={AccessKeyId}/20130524/us-east-1/s3/aws4_request,SignedHeaders={signedHeaders},Signature={signature}";

    /// <summary>GET of ten bytes, the first published example.</summary>
    public static HeaderDictionary GetObjectHeaders() => new()
    {
        ["Host"] = Host,
        ["Range"] = "bytes=0-9",
        ["x-amz-content-sha256"] = EmptyHash,
        ["x-amz-date"] = Timestamp,
        ["Authorization"] = Authorization(
            "host;range;x-amz-content-sha256;x-amz-date", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
    };

    public static AuthenticationResult Authenticate(
        string method, string target, HeaderDictionary headers, DateTimeOffset? now = null, AuthConfiguration? configuration = null) =>
        new SigV4Authenticator().Authenticate(Parse(method, target, headers), headers, configuration ?? ExampleKeys, now ?? Now);

    public static S3Request Parse(string method, string target, HeaderDictionary headers)
    {
        bool ok = S3RequestParser.TryParse(method, target, headers["Host"].ToString(), headers, "s3.amazonaws.com", out S3Request? request, out S3Error? error);
        Assert.True(ok, error?.ToString());
        return request!;
    }
}
