using S3Proxy.Coalescing.Batching;

namespace S3Proxy.Coalescing.Tests.Batching;

/// <summary>A send delegate that holds each batch until the test answers it, and remembers what it saw. The answer to a request is its text in capitals.</summary>
internal sealed class HeldSends
{
    private readonly Lock _lock = new();
    private readonly List<(IReadOnlyList<string> Requests, TaskCompletionSource<IReadOnlyList<BatchResult<string>>> Answer, CancellationToken Token)> _sent = [];

    /// <summary>True answers each batch at once.</summary>
    public bool IsOpen { get; init; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sent.Count;
            }
        }
    }

    public IReadOnlyList<string> Batch(int index)
    {
        lock (_lock)
        {
            return _sent[index].Requests;
        }
    }

    public CancellationToken Token(int index)
    {
        lock (_lock)
        {
            return _sent[index].Token;
        }
    }

    public Task<IReadOnlyList<BatchResult<string>>> SendAsync(IReadOnlyList<string> requests, CancellationToken cancellationToken)
    {
        TaskCompletionSource<IReadOnlyList<BatchResult<string>>> answer = new();
        lock (_lock)
        {
            _sent.Add((requests, answer, cancellationToken));
        }

        if (IsOpen)
        {
            answer.SetResult(AnswersOf(requests));
        }

        return answer.Task;
    }

    /// <summary>Answers a batch; on return its callers have their outcomes and the next batch has left.</summary>
    public void Answer(int index) => Take(index).SetResult(AnswersOf(Batch(index)));

    public void Answer(int index, params BatchResult<string>[] results) => Take(index).SetResult(results);

    public void Fail(int index, Exception error) => Take(index).SetException(error);

    private static BatchResult<string>[] AnswersOf(IReadOnlyList<string> requests) => [.. requests.Select(request => BatchResult.Of(request.ToUpperInvariant()))];

    private TaskCompletionSource<IReadOnlyList<BatchResult<string>>> Take(int index)
    {
        lock (_lock)
        {
            return _sent[index].Answer;
        }
    }
}
