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
    /// <exception cref="System.ComponentModel.Win32Exception">The system has no room for the loops.</exception>
    public EventLoop Next()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_loops.Length == 0)
            {
                _loops = Begin(Environment.ProcessorCount);
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

        End(_loops);
    }

    private static EventLoop[] Begin(int count)
    {
        List<EventLoop> loops = [];
        try
        {
            for (int i = 0; i < count; i++)
            {
                loops.Add(new EventLoop($"Sockets {i}"));
            }
        }
        catch
        {
            End(loops);
            throw;
        }

        return [.. loops];
    }

    private static void End(IEnumerable<EventLoop> loops)
    {
        foreach (EventLoop loop in loops)
        {
            loop.Dispose();
        }
    }
}
