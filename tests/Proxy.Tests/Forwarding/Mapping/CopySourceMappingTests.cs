using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;
using S3Proxy.Routing;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class CopySourceMappingTests
{
    private static readonly BucketRoute Archive = MappedRoutes.Create("archive", "cold-store", "old stuff/");
    private static readonly BucketRoute Elsewhere = MappedRoutes.Create("elsewhere", "elsewhere", "", originName: "second");

    [Theory]
    [InlineData("models/a b", "prod-models/zq7tenant/a%20b")]
    [InlineData("/models/a+b", "prod-models/zq7tenant/a%2Bb")]
    [InlineData("models/%E6%97%A5?versionId=x%2By", "prod-models/zq7tenant/%E6%97%A5?versionId=x%2By")]
    [InlineData("archive/k", "cold-store/old%20stuff/k")]
    public void The_source_goes_through_the_route_of_its_own_bucket(string header, string expected)
    {
        Assert.True(CopySourceMapping.TryMap(Parse(header), MappedRoutes.Mapped, Find, out CopySourceMapping? mapped, out _));
        Assert.Equal(expected, mapped.HeaderValue);
        Assert.Equal(mapped.Source.Bucket, mapped.SourceRoute.ClientBucket);
    }

    [Fact]
    public void What_is_written_reads_back_as_the_origin_key()
    {
        const string Key = "x?y%z/../ +&#日";
        string header = "models/" + S3Uri.EncodePath(Key);
        Assert.True(CopySourceMapping.TryMap(Parse(header), MappedRoutes.Mapped, Find, out CopySourceMapping? mapped, out _));
        Assert.True(CopySource.TryParse(mapped.HeaderValue, out CopySource? atOrigin));
        Assert.Equal(MappedRoutes.Prefix + Key, atOrigin.Key.Value);
    }

    [Theory]
    [InlineData("nowhere/k", (int)S3ErrorCode.NoSuchBucket)]
    [InlineData("prod-models/k", (int)S3ErrorCode.NoSuchBucket)]
    [InlineData("elsewhere/k", (int)S3ErrorCode.NotImplemented)]
    public void Refuses_sources_that_cannot_be_copied_from(string header, int code)
    {
        Assert.False(CopySourceMapping.TryMap(Parse(header), MappedRoutes.Mapped, Find, out _, out S3Error? error));
        Assert.Equal((S3ErrorCode)code, error.Code);
        Assert.DoesNotContain("second", error.Message, StringComparison.Ordinal);
    }

    private static CopySource Parse(string header)
    {
        Assert.True(CopySource.TryParse(header, out CopySource? source));
        return source;
    }

    private static BucketRoute? Find(BucketName name) => name.Value switch
    {
        "models" => MappedRoutes.Mapped,
        "archive" => Archive,
        "elsewhere" => Elsewhere,
        _ => null,
    };
}
