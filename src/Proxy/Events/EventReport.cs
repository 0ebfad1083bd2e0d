namespace S3Proxy.Events;

/// <summary>What became of the events of one post. Used by one at a time.</summary>
internal sealed class EventReport
{
    private readonly int[] _counts = new int[Enum.GetValues<EventResult>().Length];

    /// <summary>How many events came to this.</summary>
    public int this[EventResult result] => _counts[(int)result];

    /// <summary>Counts an event.</summary>
    public void Add(EventResult result) => _counts[(int)result]++;
}
