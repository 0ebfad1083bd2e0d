using S3Proxy.Pipeline;

namespace S3Proxy.Tests.Pipeline;

public sealed class ListenerFeatureTests
{
    [Fact]
    public void Every_so_many_requests_of_a_connection_others_have_their_turn()
    {
        ListenerFeature connection = new(ListenerRole.Data);
        bool[] turns = [.. Enumerable.Range(1, 3 * ListenerFeature.TurnRequests).Select(_ => connection.IsTurnOver())];
        Assert.Equal(3, turns.Count(isOver => isOver));
        Assert.True(turns[ListenerFeature.TurnRequests - 1]);
    }
}
