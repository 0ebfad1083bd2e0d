using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class S3RequestParserTests
{
    private const string Suffix = "s3.example.internal";

    [Theory]
    [InlineData("/bucket/key", "key")]
    [InlineData("/bucket/a%20b", "a b")]
    [InlineData("/bucket/a+b", "a+b")]
    [InlineData("/bucket/a%2Bb", "a+b")]
    [InlineData("/bucket/a%2Fb", "a/b")]
    [InlineData("/bucket/a%252Fb", "a%2Fb")]
    [InlineData("/bucket//a//b/", "/a//b/")]
    [InlineData("/bucket//", "/")]
    [InlineData("/bucket/../x", "../x")]
    [InlineData("/bucket/./x/..", "./x/..")]
    [InlineData("/bucket/%C3%A9%F0%9F%98%80", "é😀")]
    [InlineData("/bucket/a;b:c@d&e=f,g$h!i'(j)*~", "a;b:c@d&e=f,g$h!i'(j)*~")]
    [InlineData("/buc%6Bet/key", "key")]
    public void Path_style_keeps_every_byte_of_the_key(string target, string key)
    {
        S3Request request = Parse("GET", target);

        Assert.Equal(("bucket", key, S3Operation.GetObject), (request.Bucket?.Value, request.Key?.Value, request.Operation));
        Assert.Equal((target, target, false), (request.RawPath, request.RawTarget, request.IsHostStyle));
    }

    [Theory]
    [InlineData("bucket.s3.example.internal", "/key", "bucket", "key")]
    [InlineData("Bucket.S3.Example.Internal:9000", "/key", "bucket", "key")]
    [InlineData("a.b.s3.example.internal", "//key/", "a.b", "/key/")]
    [InlineData("bucket.s3.example.internal.", "/key", "bucket", "key")]
    [InlineData("bucket.s3.example.internal", "/", "bucket", null)]
    public void Host_style(string host, string target, string bucket, string? key)
    {
        S3Request request = Parse("GET", target, host);

        Assert.Equal((bucket, key, true), (request.Bucket?.Value, request.Key?.Value, request.IsHostStyle));
    }

    [Theory]
    [InlineData("s3.example.internal")]
    [InlineData("s3.example.internal:9000")]
    [InlineData("127.0.0.1:9000")]
    [InlineData("[::1]:9000")]
    [InlineData("xs3.example.internal")]
    [InlineData("bucket.s3.example.internal.evil")]
    [InlineData("")]
    public void Other_hosts_mean_path_style(string host)
    {
        S3Request request = Parse("GET", "/bucket/key", host);

        Assert.Equal(("bucket", "key", false), (request.Bucket?.Value, request.Key?.Value, request.IsHostStyle));
    }

    [Theory]
    [InlineData("http://localhost:9000/bucket/key?versionId=1", "localhost:9000", "/bucket/key")]
    [InlineData("HTTP://localhost/bucket//k", "localhost:80", "/bucket//k")]
    [InlineData("https://LOCALHOST:443/bucket/k", "localhost", "/bucket/k")]
    public void Absolute_form(string target, string host, string rawPath) => Assert.Equal(rawPath, Parse("GET", target, host).RawPath);

    [Theory]
    [InlineData("http://localhost")]
    [InlineData("http://localhost?x-id=ListBuckets")]
    public void Absolute_form_without_a_path(string target) => Assert.Equal(S3Operation.ListBuckets, Parse("GET", target, "localhost").Operation);

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("localhost:80")]
    [InlineData("ftp://localhost/bucket/key")]
    [InlineData("http://other/bucket/key")]
    [InlineData("http://user@localhost/bucket/key")]
    [InlineData("http:///bucket/key")]
    [InlineData("bucket/key")]
    [InlineData("/bucket/%")]
    [InlineData("/bucket/%4")]
    [InlineData("/bucket/%GG")]
    [InlineData("/bucket/%FF")]
    [InlineData("/bucket/é")]
    [InlineData("/buc%ket/key")]
    [InlineData("/bucket/key?a=%")]
    [InlineData("/bucket/key?%FF")]
    public void Invalid_uri(string target) => Assert.Equal(S3ErrorCode.InvalidURI, Refuse("GET", target, "localhost").Code);

    [Theory]
    [InlineData("/ab/key", "")]
    [InlineData("//key", "")]
    [InlineData("/a..b/key", "")]
    [InlineData("/.%2E/key", "")]
    [InlineData("/buc%2Fket/key", "")]
    [InlineData("/-bucket/key", "")]
    [InlineData("/key", "..s3.example.internal")]
    [InlineData("/key", "a@b.s3.example.internal")]
    [InlineData("/key", ".s3.example.internal")]
    public void Invalid_bucket_name(string target, string host) => Assert.Equal(S3ErrorCode.InvalidBucketName, Refuse("GET", target, host).Code);

    [Fact]
    public void Key_length_is_counted_in_bytes_of_utf8()
    {
        string longest = string.Concat(Enumerable.Repeat("%C3%A9", 512));

        Assert.Equal(512, Parse("GET", "/bucket/" + longest).Key!.Value.Value.Length);
        S3Error error = Refuse("GET", "/bucket/x" + longest);
        Assert.Equal(S3ErrorCode.KeyTooLongError, error.Code);
        Assert.Contains(new("Size", "1025"), error.Details);
    }

    [Fact]
    public void Query_is_decoded_in_order()
    {
        S3Request request = Parse("GET", "/bucket?prefix=a+b%2Bc&delimiter=%2F&&x-id&list-type=2&marker=a=b");

        Assert.Equal(
            [new("prefix", "a b+c"), new("delimiter", "/"), new("x-id", ""), new("list-type", "2"), new("marker", "a=b")],
            request.Query.Items);
        Assert.Equal(S3Operation.ListObjectsV2, request.Operation);
    }

    [Theory]
    [InlineData("/bucket?prefix=a&prefix=")]
    [InlineData("/bucket?prefix=a&%70refix=b")]
    [InlineData("/bucket/key?acl&tagging")]
    [InlineData("/bucket/key?acl&uploadId=1")]
    [InlineData("/bucket/key?x-amz-copy-source=b/k")]
    public void Ambiguous_queries_are_refused(string target) => Assert.Equal(S3ErrorCode.InvalidArgument, Refuse("GET", target).Code);

    [Fact]
    public void Number_of_parameters_is_bounded()
    {
        string query = string.Join('&', Enumerable.Range(0, 101).Select(i => $"p{i}=1"));

        Assert.Equal(S3ErrorCode.InvalidArgument, Refuse("GET", "/bucket/key?" + query).Code);
    }

    [Theory]
    [InlineData("PATCH", "/bucket/key")]
    [InlineData("get", "/bucket/key")]
    [InlineData("OPTIONS", "/bucket/key")]
    [InlineData("", "/bucket/key")]
    [InlineData("PUT", "/")]
    [InlineData("HEAD", "/")]
    [InlineData("POST", "/bucket/key")]
    [InlineData("POST", "/bucket/key?unheard-of")]
    [InlineData("GET", "/?acl")]
    public void Method_not_allowed(string method, string target) => Assert.Equal(S3ErrorCode.MethodNotAllowed, Refuse(method, target).Code);

    [Theory]
    [InlineData("/bucket/key", "", "/bucket/key")]
    [InlineData("/bucket/a+b%2f%7E", "", "/bucket/a%2Bb/~")]
    [InlineData("/buc%6bet", "", "/bucket")]
    [InlineData("/a+b", "bucket.s3.example.internal", "/a%2Bb")]
    public void Resource_is_the_canonical_path(string target, string host, string resource)
    {
        string actual = Parse("GET", target, host).Resource;

        Assert.Equal(resource, actual.Length > 1 ? actual.TrimEnd('/') : actual);
    }

    [Fact]
    public void Copy_source_is_read_on_every_put()
    {
        var headers = new HeaderDictionary { ["x-amz-copy-source"] = "/source/a%20b" };

        Assert.Equal(("source", "a b"), (Parse("PUT", "/bucket/key", headers: headers).CopySource!.Bucket.Value, "a b"));
        Assert.NotNull(Parse("PUT", "/bucket/key?tagging", headers: headers).CopySource);
        Assert.Null(Parse("GET", "/bucket/key", headers: headers).CopySource);
    }

    [Fact]
    public void Bad_copy_source_is_refused()
    {
        Assert.Equal(S3ErrorCode.InvalidArgument, Refuse("PUT", "/bucket/key", headers: new() { ["x-amz-copy-source"] = "nokey" }).Code);
        Assert.Equal(S3ErrorCode.InvalidArgument, Refuse("PUT", "/bucket/key", headers: new() { ["x-amz-copy-source"] = new(["b1b/k", "b2b/k"]) }).Code);
    }

    [Fact]
    public void Any_key_survives_the_way_through_the_encoder() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            string key = string.Concat((text ?? "").EnumerateRunes());
            return !ObjectKey.TryParse(key, out _) || Parse("GET", "/bucket/" + S3Uri.EncodePath(key)).Key?.Value == key;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Garbage_never_throws() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(string, string, string)>(), input =>
        {
            (string target, string host, string copySource) = input;
            var headers = new HeaderDictionary { ["x-amz-copy-source"] = copySource, ["Content-Type"] = target };
            foreach (string method in new[] { "GET", "PUT", "POST", target ?? "" })
            {
                foreach (string form in new[] { target ?? "", "/" + target, "/bucket/" + target, "/bucket?" + target, "http://" + target })
                {
                    bool ok = S3RequestParser.TryParse(method, form, host ?? "", headers, Suffix, out S3Request? request, out S3Error? error);
                    if (ok != request is not null || ok == error is not null)
                    {
                        return false;
                    }
                }
            }

            return true;
        }).QuickCheckThrowOnFailure();

    private static S3Request Parse(string method, string target, string host = "", HeaderDictionary? headers = null)
    {
        bool ok = S3RequestParser.TryParse(method, target, host, headers ?? [], Suffix, out S3Request? request, out S3Error? error);
        Assert.True(ok, error?.ToString());
        return request!;
    }

    private static S3Error Refuse(string method, string target, string host = "", HeaderDictionary? headers = null)
    {
        Assert.False(S3RequestParser.TryParse(method, target, host, headers ?? [], Suffix, out _, out S3Error? error));
        return error;
    }
}
