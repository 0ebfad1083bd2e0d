namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>A way for threads to count together. Each thread passes its own number, from 0.</summary>
internal interface ICountingStrategy : IDisposable
{
    /// <summary>Counts one step. Any thread, at any time until it finishes.</summary>
    void Record(int thread, in Step step);

    /// <summary>The thread has recorded its last step and hands over what it still holds.</summary>
    void Finish(int thread);

    /// <summary>The number of requests a reader is told now, as the strategy offers it to readers. Any thread.</summary>
    long ReadRequests();

    /// <summary>Everything, after all threads have finished; waits for what is still under way inside the strategy.</summary>
    Tally ReadAll();
}
