using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class RequestIdsTests
{
    [Fact]
    public void Ids_have_the_form_of_s3_and_differ()
    {
        string[] ids = [.. Enumerable.Range(0, 1000).Select(_ => RequestIds.Next())];

        Assert.All(ids, id => Assert.Matches("^[0-9A-F]{16}$", id));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }
}
