using System.Threading.Channels;

namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>A bounded channel with one consumer, which alone owns the table; each claim waits for its answer, a release does not.</summary>
internal sealed class ActorClaims : IClaimStrategy
{
    private const int MaxQueued = 4096;

    private readonly Channel<Request> _channel = Channel.CreateBounded<Request>(new BoundedChannelOptions(MaxQueued) { SingleReader = true });
    private readonly Question[] _questions = [.. Enumerable.Range(0, Workload.MaxThreads).Select(_ => new Question())];
    private readonly Task _consumer;

    public ActorClaims() => _consumer = Task.Run(ConsumeAsync);

    public Claim Acquire(int thread, string key)
    {
        Question question = _questions[thread];
        question.Answered.Reset();
        Send(new(key, question));
        question.Answered.Wait();
        return question.Answer;
    }

    public void Release(int thread, string key, in Claim claim)
    {
        if (claim.IsLeader)
        {
            Send(new(key, null));
        }
    }

    public void Dispose()
    {
        _channel.Writer.TryComplete();
        _consumer.GetAwaiter().GetResult();
        Array.ForEach(_questions, question => question.Answered.Dispose());
    }

    private void Send(in Request request)
    {
        if (!_channel.Writer.TryWrite(request))
        {
            _channel.Writer.WriteAsync(request).AsTask().GetAwaiter().GetResult();
        }
    }

    private async Task ConsumeAsync()
    {
        Dictionary<string, object> table = [];
        while (await _channel.Reader.WaitToReadAsync())
        {
            while (_channel.Reader.TryRead(out Request request))
            {
                if (request.Question is not { } question)
                {
                    table.Remove(request.Key);
                    continue;
                }

                bool leads = !table.TryGetValue(request.Key, out object? generation);
                table[request.Key] = generation ??= new object();
                question.Answer = new(generation, leads);
                question.Answered.Set();
            }
        }
    }

    private readonly record struct Request(string Key, Question? Question);

    private sealed class Question
    {
        public ManualResetEventSlim Answered { get; } = new();

        public Claim Answer { get; set; }
    }
}
