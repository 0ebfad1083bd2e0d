using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Fetching;

/// <summary>Requirement C4: whole aligned slices, and no more than the bound of a ranged run.</summary>
public sealed class FetchPlanTests
{
    [Theory]
    [InlineData("bytes=5-9", "bytes=0-1023")]
    [InlineData("bytes=1023-1024", "bytes=0-2047")]
    [InlineData("bytes=1024-99999999999", "bytes=1024-67109887")]
    public void A_closed_range_grows_to_whole_slices(string range, string expected) =>
        Assert.Equal(expected, FetchPlan.For(ByteRangeSpec.Parse(range), new SliceGeometry(1024)).Range);
}
