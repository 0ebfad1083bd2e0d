using System.Collections;

namespace S3Proxy.Coalescing.Batching;

/// <summary>Requests that travel together, in the order in which they were asked. What the send delegate sees of it never changes.</summary>
/// <param name="lane">Null for a request that is sent by itself because batching is off.</param>
/// <param name="items">One or more.</param>
internal sealed class Batch<TRequest, TResult>(BatchLane<TRequest, TResult>? lane, BatchItem<TRequest, TResult>[] items) : IReadOnlyList<TRequest>
{
    public BatchLane<TRequest, TResult>? Lane { get; } = lane;

    public ReadOnlySpan<BatchItem<TRequest, TResult>> Items => items;

    public int LaneNumber => items[0].LaneNumber;

    public int Count => items.Length;

    /// <summary>Timestamp of its departure.</summary>
    public long SentAt { get; set; }

    public TRequest this[int index] => items[index].Request;

    public IEnumerator<TRequest> GetEnumerator()
    {
        foreach (BatchItem<TRequest, TResult> item in items)
        {
            yield return item.Request;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
