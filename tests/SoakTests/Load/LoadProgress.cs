using S3Proxy.SoakTests.Checking;

namespace S3Proxy.SoakTests.Load;

/// <summary>
/// Counts what the fast clients have finished. Slow clients and writers go on after so many of those: their pace is that of the load, not of a clock.
/// Thread-safe; one lock protects all fields.
/// </summary>
internal sealed class LoadProgress
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<TaskCompletionSource, long> _waiting = new();
    private long _finished;
    private bool _isOver;

    /// <summary>Whether no new request may be begun.</summary>
    public bool IsOver
    {
        get
        {
            lock (_lock)
            {
                return _isOver;
            }
        }
    }

    public void CountOne()
    {
        lock (_lock)
        {
            _finished++;
            while (_waiting.TryPeek(out TaskCompletionSource? first, out long due) && due <= _finished)
            {
                _waiting.Dequeue();
                first.SetResult();
            }
        }
    }

    /// <summary>Completes when <paramref name="more"/> further requests are finished, or at the end of the load.</summary>
    public Task AfterAsync(int more)
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return Task.CompletedTask;
            }

            TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Enqueue(turn, _finished + more);
            return turn.Task;
        }
    }

    /// <summary>Ends the load; whoever waits goes on.</summary>
    public void End()
    {
        lock (_lock)
        {
            _isOver = true;
            while (_waiting.TryDequeue(out TaskCompletionSource? turn, out _))
            {
                turn.SetResult();
            }
        }
    }

    /// <summary>The pace of a slow reader.</summary>
    public IBodyPace PaceOf(int requestsBetweenPieces) => new Pace(this, requestsBetweenPieces);

    private sealed class Pace(LoadProgress progress, int requestsBetweenPieces) : IBodyPace
    {
        public Task NextPieceAsync() => progress.AfterAsync(requestsBetweenPieces);
    }
}
