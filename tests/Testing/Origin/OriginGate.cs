namespace S3Proxy.Testing.Origin;

/// <summary>
/// A gate at which requests wait until the test opens it. Shut when made. Thread-safe; requests pass in the order of their arrival, and a request
/// whose client leaves stops waiting.
/// </summary>
public sealed class OriginGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _queue = [];
    private readonly List<(int Count, TaskCompletionSource Completion)> _observers = [];
    private int _arrived;
    private bool _open;

    /// <summary>How many requests wait now.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>How many requests ever came to the gate, those that passed or left included.</summary>
    public int Arrived
    {
        get
        {
            lock (_lock)
            {
                return _arrived;
            }
        }
    }

    /// <summary>Completes when <paramref name="count"/> requests have come to the gate since it was made.</summary>
    public Task ArrivedAsync(int count, CancellationToken cancellationToken = default)
    {
        TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_arrived >= count)
            {
                return Task.CompletedTask;
            }

            _observers.Add((count, completion));
        }

        return completion.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Opens the gate: all who wait pass, and all who come later.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _open = true;
            while (LetFirstPass())
            {
            }
        }
    }

    /// <summary>Lets the one pass that waits longest. False when nobody waits; the gate stays as it is.</summary>
    public bool ReleaseOne()
    {
        lock (_lock)
        {
            return LetFirstPass();
        }
    }

    /// <summary>Shuts an open gate for those who come later.</summary>
    public void Shut()
    {
        lock (_lock)
        {
            _open = false;
        }
    }

    /// <summary>Comes to the gate and waits until it lets this one pass.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up; it no longer counts as waiting.</exception>
    internal async Task PassAsync(CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> place = new(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _arrived++;
            if (_open)
            {
                place.Value.SetResult();
            }
            else
            {
                _queue.AddLast(place);
            }

            TellObservers();
        }

        using CancellationTokenRegistration registration = cancellationToken.Register(() => Leave(place, cancellationToken));
        await place.Value.Task;
    }

    private void Leave(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (place.List is not null)
            {
                _queue.Remove(place);
                place.Value.TrySetCanceled(cancellationToken);
            }
        }
    }

    private bool LetFirstPass()
    {
        if (_queue.First is not { } first)
        {
            return false;
        }

        _queue.RemoveFirst();
        first.Value.TrySetResult();
        return true;
    }

    private void TellObservers()
    {
        for (int i = _observers.Count - 1; i >= 0; i--)
        {
            if (_arrived >= _observers[i].Count)
            {
                _observers[i].Completion.TrySetResult();
                _observers.RemoveAt(i);
            }
        }
    }
}
