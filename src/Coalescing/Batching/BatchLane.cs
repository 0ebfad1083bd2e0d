namespace S3Proxy.Coalescing.Batching;

/// <summary>The requests that wait for one lane, oldest first, and how many of its batches are in flight. The batcher's lock protects it.</summary>
internal sealed class BatchLane<TRequest, TResult>(int number)
{
    public int Number { get; } = number;

    public int InFlight { get; set; }

    public int Waiting { get; private set; }

    public BatchItem<TRequest, TResult>? Oldest { get; private set; }

    private BatchItem<TRequest, TResult>? Newest { get; set; }

    /// <summary>Ends the batch window; made when a lane first has a window to wait for.</summary>
    public ITimer? WindowTimer { get; set; }

    /// <summary>The timer will fire.</summary>
    public bool IsWindowArmed { get; set; }

    public void Add(BatchItem<TRequest, TResult> item)
    {
        item.Stage = BatchItemStage.Waiting;
        item.Previous = Newest;
        if (Newest is null)
        {
            Oldest = item;
        }
        else
        {
            Newest.Next = item;
        }

        Newest = item;
        Waiting++;
    }

    public void Remove(BatchItem<TRequest, TResult> item, BatchItemStage stage)
    {
        if (item.Previous is null)
        {
            Oldest = item.Next;
        }
        else
        {
            item.Previous.Next = item.Next;
        }

        if (item.Next is null)
        {
            Newest = item.Previous;
        }
        else
        {
            item.Next.Previous = item.Previous;
        }

        item.Previous = null;
        item.Next = null;
        item.Stage = stage;
        Waiting--;
    }

    /// <summary>Takes out the oldest ones, <paramref name="maxBatchSize"/> at most; there must be one.</summary>
    public Batch<TRequest, TResult> Take(int maxBatchSize)
    {
        BatchItem<TRequest, TResult>[] items = new BatchItem<TRequest, TResult>[Math.Min(Waiting, maxBatchSize)];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = Oldest!;
            Remove(items[i], BatchItemStage.Sent);
        }

        InFlight++;
        return new Batch<TRequest, TResult>(this, items);
    }
}
