using System.Runtime.InteropServices;
using S3Proxy.Native;

namespace S3Proxy.Transport.Loops;

/// <summary>A thread that waits for sockets and tells of each what has changed (docs/decisions/0027).</summary>
/// <remarks>Thread-safe. Holds what it watches until told otherwise; the thread ends, and frees what it has of the system, after <see cref="Dispose"/>.</remarks>
internal sealed class EventLoop : IDisposable
{
    private readonly EventPoll _poll = new();
    private readonly WatchTokens _targets = new();
    private readonly Queue<Action> _turns = new();
    private readonly Thread _thread;
    private int _isDisposed;
    private volatile bool _isEnding;
    private volatile bool _endsItself;

    /// <param name="name">Of the thread.</param>
    public EventLoop(string name)
    {
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.UnsafeStart();
    }

    /// <summary>Tells <paramref name="target"/> of <paramref name="socket"/> from now on. Returns what <see cref="Forget"/> wants.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system has no room for it.</exception>
    /// <exception cref="ObjectDisposedException">The loop has ended.</exception>
    public ulong Watch(SafeHandle socket, IEventTarget target)
    {
        ObjectDisposedException.ThrowIf(_isEnding, this);
        ulong token = _targets.Add(target);
        try
        {
            _poll.Add(socket, token);
        }
        catch
        {
            _targets.Remove(token);
            throw;
        }

        return token;
    }

    /// <summary>Tells nothing more of the socket, but for an event that is under way. Before the socket is closed, as others may have its number then.</summary>
    public void Forget(SafeHandle socket, ulong token)
    {
        _targets.Remove(token);
        _poll.Remove(socket);
    }

    /// <summary>Awaiting it goes on when all sockets that have something now have had their turn: on this loop's thread for who is there, else on the pool.</summary>
    public LoopTurn NextTurn() => new(this);

    /// <summary>Ends the thread after what it does at the moment, and waits for that.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _endsItself = Thread.CurrentThread == _thread;
        _isEnding = true;
        if (!_endsItself)
        {
            _poll.Wake();
            _thread.Join();
            _poll.Dispose();
        }
    }

    /// <summary>For <see cref="LoopTurn"/>.</summary>
    public void Queue(Action next)
    {
        if (Thread.CurrentThread == _thread)
        {
            _turns.Enqueue(next);
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(static next => next(), next, preferLocal: false);
        }
    }

    private void Run()
    {
        while (!_isEnding)
        {
            // Who waits for a turn has it behind whatever sockets have by then.
            int turns = _turns.Count;
            int count = _poll.Wait(isPatient: turns == 0);
            for (int i = 0; i < count; i++)
            {
                (SocketEvents events, ulong token) = _poll[i];
                _targets.Find(token)?.OnEvents(events);
            }

            for (; turns > 0; turns--)
            {
                _turns.Dequeue()();
            }
        }

        if (_endsItself)
        {
            _poll.Dispose();
        }

        while (_turns.TryDequeue(out Action? next))
        {
            ThreadPool.UnsafeQueueUserWorkItem(static next => next(), next, preferLocal: false);
        }
    }
}
