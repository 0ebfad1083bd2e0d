using Microsoft.AspNetCore.Http;
using S3Proxy.Invalidation;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Invalidation;

/// <summary>Requirements I1, I3. What each scope does is in the functional tests, a row for each operation.</summary>
public class WriteScopesTests
{
    [Fact]
    public void Every_operation_is_in_the_table()
    {
        foreach (S3Operation operation in Enum.GetValues<S3Operation>())
        {
            WriteScope scope = WriteScopes.Of(new S3Request { Method = "PUT", Operation = operation, Query = S3Query.Empty, RawTarget = "/", RawPath = "/", Resource = "/" });
            Assert.True(scope == WriteScope.None || S3Operations.IsMutation(operation), $"{operation} reads and has scope {scope}");
        }
    }

    [Theory]
    [InlineData("PUT", "/bucket?policy", (int)WriteScope.Bucket)]
    [InlineData("PUT", "/bucket?somethingNew", (int)WriteScope.Bucket)]
    [InlineData("PUT", "/bucket?metrics&id=a", (int)WriteScope.None)]
    [InlineData("DELETE", "/bucket?website", (int)WriteScope.None)]
    [InlineData("DELETE", "/bucket", (int)WriteScope.Bucket)]
    [InlineData("PUT", "/bucket/key?acl", (int)WriteScope.Object)]
    [InlineData("PUT", "/bucket/key?metrics", (int)WriteScope.Object)]
    [InlineData("POST", "/bucket/key?select&select-type=2", (int)WriteScope.None)]
    [InlineData("PUT", "/bucket/key?partNumber=1&uploadId=u", (int)WriteScope.None)]
    [InlineData("PUT", "/bucket/key?uploadId=u", (int)WriteScope.Object)]
    [InlineData("POST", "/bucket/key?uploadId=u", (int)WriteScope.Object)]
    [InlineData("GET", "/bucket/key?acl", (int)WriteScope.None)]
    public void Scope_of_a_request(string method, string target, int scope)
    {
        Assert.True(S3RequestParser.TryParse(method, target, "", new HeaderDictionary(), null, out S3Request? request, out S3Error? error), error?.ToString());
        Assert.Equal((WriteScope)scope, WriteScopes.Of(request));
    }
}
