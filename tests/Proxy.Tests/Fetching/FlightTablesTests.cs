using S3Proxy.Coalescing;
using S3Proxy.Fetching;

namespace S3Proxy.Tests.Fetching;

/// <summary>Requirement F13: who shares with nobody in this replica shares with no other either.</summary>
public sealed class FlightTablesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Asking_about_an_object_by_itself_changes_nothing_about_sharing_bytes(bool isShared)
    {
        FlightTables tables = new(new CoalescerOptions(), TimeProvider.System) { IsShared = isShared };

        Assert.Equal(isShared, tables.WithOwnObjects().IsShared);
    }
}
