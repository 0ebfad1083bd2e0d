using System.Threading.Channels;

namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>A bounded channel with one consumer, which alone owns the table. Who finds the channel full waits.</summary>
internal sealed class Actor : ICountingStrategy
{
    private const int MaxQueuedSteps = 4096;

    private readonly Channel<Step> _channel = Channel.CreateBounded<Step>(new BoundedChannelOptions(MaxQueuedSteps) { SingleReader = true });
    private readonly Tally _tally = new();
    private readonly Task _consumer;
    private long _visibleRequests;

    public Actor() => _consumer = Task.Run(ConsumeAsync);

    public void Record(int thread, in Step step)
    {
        if (!_channel.Writer.TryWrite(step))
        {
            _channel.Writer.WriteAsync(step).AsTask().GetAwaiter().GetResult();
        }
    }

    public void Finish(int thread)
    {
    }

    public long ReadRequests() => Volatile.Read(ref _visibleRequests);

    public Tally ReadAll()
    {
        _channel.Writer.TryComplete();
        _consumer.GetAwaiter().GetResult();
        return _tally;
    }

    public void Dispose() => _channel.Writer.TryComplete();

    private async Task ConsumeAsync()
    {
        while (await _channel.Reader.WaitToReadAsync())
        {
            while (_channel.Reader.TryRead(out Step step))
            {
                _tally.Add(step.Key, step.Tenant, new(1, step.Bytes));
                Volatile.Write(ref _visibleRequests, _tally.Requests);
            }
        }
    }
}
