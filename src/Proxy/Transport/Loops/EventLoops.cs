namespace S3Proxy.Transport.Loops;

/// <summary>The loops of a server, one a processor; sockets are given to them in turn. Thread-safe; the threads begin with the first socket.</summary>
internal sealed class EventLoops : IDisposable
{
    private readonly Lock _lock = new();
    private EventLoop[] _loops = [];
    private uint _next;
    private bool _isDisposed;

    /// <summary>The loop whose turn it is.</summary>
    /// <exception cref="ObjectDisposedException">The server has ended.</exception>
    public EventLoop Next()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_loops.Length == 0)
            {
                _loops = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(i => new EventLoop($"Sockets {i}"))];
            }

            return _loops[_next++ % _loops.Length];
        }
    }

    /// <summary>Ends the threads. Sockets hear nothing any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
        }

        foreach (EventLoop loop in _loops)
        {
            loop.Dispose();
        }
    }
}
