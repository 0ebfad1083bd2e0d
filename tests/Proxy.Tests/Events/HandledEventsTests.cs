using S3Proxy.Events;

namespace S3Proxy.Tests.Events;

public sealed class HandledEventsTests
{
    [Fact]
    public void It_remembers_the_last_ones()
    {
        HandledEvents handled = new();
        UInt128 first = HandledEvents.MarkOf("first", null);
        handled.Add(first);
        handled.Add(first);
        Assert.True(handled.Contains(first));
        Assert.False(handled.Contains(HandledEvents.MarkOf("first", "main")));
        for (int i = 0; i < HandledEvents.Capacity; i++)
        {
            handled.Add(HandledEvents.MarkOf($"{i}", null));
        }

        Assert.False(handled.Contains(first));
        Assert.True(handled.Contains(HandledEvents.MarkOf("0", null)));
    }
}
