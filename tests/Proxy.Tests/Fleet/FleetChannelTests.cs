using System.Text;
using S3Proxy.Caching.Redis;
using S3Proxy.Fleet;

namespace S3Proxy.Tests.Fleet;

/// <summary>Requirement W4: channels of the cluster alone, one listener a replica.</summary>
public sealed class FleetChannelTests
{
    [Theory]
    [InlineData("")]
    [InlineData("1|I|other|not json")]
    [InlineData("1|I|other|null")]
    [InlineData("""1|I|other|{"Names":["main","bucket"]}""")]
    [InlineData("1|A|other|7")]
    [InlineData("2|I|other|{}")]
    [InlineData("1|Z|other|{}")]
    public void A_message_that_cannot_be_read_is_dropped_and_the_next_is_heard(string message) => FakeFleet.Run(async fleet =>
    {
        TestReplica replica = await fleet.JoinAsync();
        TestReplica other = await fleet.JoinAsync();
        RedisKeys keys = new("test", "fleet");
        await fleet.LinkOf(other).PublishAsync(keys.AllChannel, Encoding.UTF8.GetBytes(message), default);
        await fleet.LinkOf(other).PublishAsync(keys.ReplicaChannel(replica.Name), Encoding.UTF8.GetBytes(message), default);

        replica.Learn(TestObjects.Id("key"));
        await (await other.Writes.BeginAsync([TestObjects.Id("key")], default)).AnsweredAsync();
        Assert.Null(replica.Served(TestObjects.Id("key")));
        Assert.True(replica.Membership.IsHearing);
    });

    [Fact]
    public void Names_are_new_and_hold_no_separator()
    {
        string[] names = [.. Enumerable.Range(0, 1_000).Select(_ => FleetTokens.New())];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.Matches("^[A-Za-z0-9_-]{16}$", name));
    }
}
