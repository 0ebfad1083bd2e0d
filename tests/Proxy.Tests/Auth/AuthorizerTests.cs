using Microsoft.AspNetCore.Http;
using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Auth;

public class AuthorizerTests
{
    private const S3Actions All = S3Actions.Read | S3Actions.List | S3Actions.Write | S3Actions.Delete;

    [Theory]
    [InlineData("GET", "/bkt/pre/k", S3Actions.Read)]
    [InlineData("HEAD", "/bkt/pre/k", S3Actions.Read)]
    [InlineData("GET", "/bkt/pre/k?acl", S3Actions.Read)]
    [InlineData("GET", "/bkt/pre/k?uploadId=1", S3Actions.Read)]
    [InlineData("POST", "/bkt/pre/k?select&select-type=2", S3Actions.Read)]
    [InlineData("PUT", "/bkt/pre/k", S3Actions.Write)]
    [InlineData("PUT", "/bkt/pre/k?tagging", S3Actions.Write)]
    [InlineData("DELETE", "/bkt/pre/k?tagging", S3Actions.Delete)]
    [InlineData("POST", "/bkt/pre/k?uploads", S3Actions.Write)]
    [InlineData("DELETE", "/bkt/pre/k", S3Actions.Delete)]
    [InlineData("GET", "/bkt?prefix=pre/", S3Actions.List)]
    [InlineData("GET", "/bkt?list-type=2&prefix=pre/sub", S3Actions.List)]
    [InlineData("GET", "/bkt?versions&prefix=pre/", S3Actions.List)]
    [InlineData("GET", "/bkt?uploads&prefix=pre/", S3Actions.List)]
    [InlineData("HEAD", "/bkt", S3Actions.List)]
    [InlineData("GET", "/bkt?location", S3Actions.List)]
    [InlineData("POST", "/bkt?delete", S3Actions.Delete)]
    public void A_prefix_grant_allows_exactly_with_the_action(string method, string target, object action)
    {
        Assert.Null(Ask(Client(new Grant { Bucket = "bkt", Prefix = "pre/", Actions = (S3Actions)action }), method, target));
        Assert.Null(Ask(Client(new Grant { Bucket = "*", Prefix = "pre/", Actions = (S3Actions)action }), method, target));
        Assert.Equal(S3ErrorCode.AccessDenied, Ask(Client(new Grant { Bucket = "bkt", Prefix = "pre/", Actions = All & ~(S3Actions)action }), method, target)!.Code);
        Assert.Equal(S3ErrorCode.AccessDenied, Ask(Client(new Grant { Bucket = "other", Actions = All }), method, target)!.Code);
        Assert.Equal(S3ErrorCode.AccessDenied, Ask(Client(), method, target)!.Code);
    }

    [Theory]
    [InlineData("GET", "/bkt/other")]
    [InlineData("GET", "/bkt/pre")]
    [InlineData("GET", "/bkt/Pre/k")]
    [InlineData("PUT", "/bkt/other")]
    [InlineData("GET", "/bkt")]
    [InlineData("GET", "/bkt?prefix=pre")]
    [InlineData("GET", "/bkt?prefix=")]
    [InlineData("GET", "/bkt?list-type=2")]
    [InlineData("GET", "/bkt?versions")]
    [InlineData("GET", "/bkt?policy")]
    [InlineData("PUT", "/bkt?policy&prefix=pre/")]
    [InlineData("PUT", "/bkt")]
    [InlineData("DELETE", "/bkt")]
    [InlineData("DELETE", "/bkt?cors")]
    [InlineData("GET", "/")]
    public void A_prefix_grant_allows_nothing_outside_of_it(string method, string target) =>
        Assert.Equal(S3ErrorCode.AccessDenied, Ask(Client(new Grant { Bucket = "bkt", Prefix = "pre/", Actions = All }), method, target)!.Code);

    [Theory]
    [InlineData("GET", "/bkt?policy", S3Actions.List)]
    [InlineData("PUT", "/bkt", S3Actions.Write)]
    [InlineData("PUT", "/bkt?policy", S3Actions.Write)]
    [InlineData("DELETE", "/bkt?policy", S3Actions.Delete)]
    [InlineData("DELETE", "/bkt", S3Actions.Delete)]
    [InlineData("GET", "/bkt", S3Actions.List)]
    public void The_whole_bucket_needs_a_grant_on_all_its_keys(string method, string target, object action) =>
        Assert.Null(Ask(Client(new Grant { Bucket = "bkt", Actions = (S3Actions)action }), method, target));

    [Fact]
    public void Listing_buckets_needs_a_list_grant_on_all_of_them()
    {
        Assert.Null(Ask(Client(new Grant { Bucket = "*", Actions = S3Actions.List }), "GET", "/"));
        Assert.NotNull(Ask(Client(new Grant { Bucket = "*", Actions = All & ~S3Actions.List }), "GET", "/"));
        Assert.NotNull(Ask(Client(new Grant { Bucket = "bkt", Actions = All }), "GET", "/"));
    }

    [Theory]
    [InlineData("/bkt/k")]
    [InlineData("/bkt/k?partNumber=1&uploadId=2")]
    [InlineData("/bkt/k?tagging")]
    public void Copies_need_read_on_their_source_too(string target)
    {
        var write = new Grant { Bucket = "bkt", Actions = S3Actions.Write };
        var read = new Grant { Bucket = "src", Prefix = "open/", Actions = S3Actions.Read };

        Assert.Null(Ask(Client(write, read), "PUT", target, "/src/open%2Fa?versionId=1"));
        Assert.NotNull(Ask(Client(write, read), "PUT", target, "/src/closed/a"));
        Assert.NotNull(Ask(Client(write, read), "PUT", target, "/bkt/k"));
        Assert.NotNull(Ask(Client(read), "PUT", target, "/src/open/a"));
    }

    [Theory]
    [InlineData("GET", "/bkt/k", true)]
    [InlineData("HEAD", "/bkt/k", true)]
    [InlineData("GET", "/bkt/k?versionId=1", true)]
    [InlineData("GET", "/bkt/k?acl", false)]
    [InlineData("GET", "/bkt/k?uploadId=1", false)]
    [InlineData("PUT", "/bkt/k", false)]
    [InlineData("DELETE", "/bkt/k", false)]
    [InlineData("POST", "/bkt?delete", false)]
    [InlineData("GET", "/bkt", false)]
    [InlineData("HEAD", "/bkt", false)]
    [InlineData("GET", "/", false)]
    public void Everyone_may_read_objects_and_nothing_else(string method, string target, bool isAllowed) =>
        Assert.Equal(isAllowed ? null : S3ErrorCode.AccessDenied, Ask(Identity.Anonymous, method, target)?.Code);

    /// <summary>Who did not sign may not have a public object sent with a content type of his own.</summary>
    [Theory]
    [InlineData("response-content-type=text/html")]
    [InlineData("response-content-disposition=inline")]
    [InlineData("versionId=1&response-expires")]
    public void Headers_are_not_overridden_for_everyone(string query)
    {
        Assert.Equal(S3ErrorCode.InvalidRequest, Ask(Identity.Anonymous, "GET", "/bkt/k?" + query)?.Code);
        Assert.Null(Ask(Client(new Grant { Bucket = "bkt", Actions = S3Actions.Read }), "GET", "/bkt/k?" + query));
    }

    [Fact]
    public void Keys_of_a_body_are_asked_about_one_by_one()
    {
        Identity client = Client(new Grant { Bucket = "bkt", Prefix = "pre/", Actions = S3Actions.Delete });

        Assert.Null(AskKey(client, "pre/a", S3Actions.Delete));
        Assert.NotNull(AskKey(client, "other", S3Actions.Delete));
        Assert.NotNull(AskKey(client, "pre/a", S3Actions.Read));
        Assert.NotNull(AskKey(Identity.Anonymous, "pre/a", S3Actions.Delete));
        Assert.Null(AskKey(Identity.Anonymous, "pre/a", S3Actions.Read));
    }

    private static S3Error? AskKey(Identity identity, string key, S3Actions action)
    {
        Assert.True(BucketName.TryParse("bkt", out BucketName bucket));
        Assert.True(ObjectKey.TryParse(key, out ObjectKey objectKey));
        return Authorizer.AuthorizeKey(identity, bucket, objectKey, action);
    }

    private static S3Error? Ask(Identity identity, string method, string target, string? copySource = null)
    {
        HeaderDictionary headers = [];
        if (copySource is not null)
        {
            headers["x-amz-copy-source"] = copySource;
        }

        Assert.True(S3RequestParser.TryParse(method, target, "", headers, null, out S3Request? request, out S3Error? error), error?.ToString());
        return Authorizer.Authorize(identity, request);
    }

    private static Identity Client(params Grant[] grants) => Identity.Of(new ClientKey { AccessKeyId = "AK", SecretAccessKey = "SK", Grants = grants });
}
