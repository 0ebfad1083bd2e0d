namespace S3Proxy.Events;

/// <summary>What became of the events of one post. Used by one at a time.</summary>
internal sealed class EventReport
{
    private readonly int[] _counts = new int[Enum.GetValues<EventResult>().Length];


    public int this[EventResult result] => _counts[(int)result];

    public void Add(EventResult result) => _counts[(int)result]++;
}
