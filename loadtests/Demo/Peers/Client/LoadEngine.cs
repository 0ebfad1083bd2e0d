using System.Net;
using System.Net.Sockets;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Peers.Client;

/// <summary>
/// A client of many connections on one thread, which sends each request when it is due and a connection is free, and compares every byte of the answers. It costs the machine
/// little beside the server that it measures. Not thread-safe.
/// </summary>
internal sealed class LoadEngine
{
    private const int BufferBytes = 256 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly TimeSpan _drainLimit;
    private readonly LoadConnection[] _connections;
    private readonly Poll.Entry[] _polled;
    private readonly Stack<int> _free = new();
    private readonly List<double> _milliseconds = [];
    private readonly List<double> _firstBytes = [];
    private long _started;
    private long _lastAnswer;
    private long _hits;
    private long _errors;
    private long _wrong;
    private string? _firstError;

    private LoadEngine(Uri endpoint, SyntheticContent content, int connections, TimeSpan drainLimit)
    {
        IPEndPoint address = new(IPAddress.Parse(endpoint.Host), endpoint.Port);
        _drainLimit = drainLimit;
        _connections = [.. Enumerable.Range(0, connections).Select(_ => new LoadConnection(address, content))];
        _polled = new Poll.Entry[connections];
    }

    /// <summary>Plays a load on a thread of its own.</summary>
    /// <param name="endpoint">An address of 127.0.0.1.</param>
    /// <param name="content">What all bodies are windows of.</param>
    /// <param name="connections">Opened before the load begins.</param>
    /// <param name="source">What is asked.</param>
    /// <param name="drainLimit">How long answers are waited for when nothing comes any more; what is missing then is an error.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    public static Task<LoadResult> RunAsync(
        Uri endpoint, SyntheticContent content, int connections, IAskSource source, TimeSpan drainLimit, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(
            () => new LoadEngine(endpoint, content, connections, drainLimit).Run(source, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

    private LoadResult Run(IAskSource source, CancellationToken cancellationToken)
    {
        try
        {
            for (int i = 0; i < _connections.Length; i++)
            {
                _connections[i].Open();
                Release(i);
            }

            _started = _time.GetTimestamp();
            _lastAnswer = _started;
            Play(source, cancellationToken);
        }
        finally
        {
            Array.ForEach(_connections, connection => connection.Dispose());
        }

        return new LoadResult
        {
            Answers = _milliseconds.Count,
            Hits = _hits,
            Errors = _errors,
            Wrong = _wrong,
            FirstError = _firstError,
            Elapsed = _time.GetElapsedTime(_started, _lastAnswer),
            Milliseconds = _milliseconds,
            FirstByteMilliseconds = _firstBytes,
        };
    }

    private void Play(IAskSource source, CancellationToken cancellationToken)
    {
        long progressAt = _started;
        bool hasNext = source.TryNext(TimeSpan.Zero, out Ask next, out TimeSpan due);
        while (hasNext || _free.Count < _connections.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan elapsed = _time.GetElapsedTime(_started);
            while (hasNext && _free.Count > 0 && due <= elapsed)
            {
                Send(next, due);
                progressAt = _time.GetTimestamp();
                hasNext = source.TryNext(elapsed, out next, out due);
            }

            TimeSpan wait = hasNext && _free.Count > 0 && due - elapsed < LongestWait ? due - elapsed : LongestWait;
            if (Poll.Wait(_polled, wait) > 0)
            {
                progressAt = _time.GetTimestamp();
                TakeAll(progressAt);
            }
            else if (_free.Count < _connections.Length && _time.GetElapsedTime(progressAt) > _drainLimit)
            {
                // What was due and could not be sent for lack of a connection is missing as well.
                for (; hasNext; hasNext = source.TryNext(_time.GetElapsedTime(_started), out next, out due))
                {
                    Count("not sent, no connection was free");
                }

                _errors += _connections.Length - _free.Count;
                _firstError ??= $"no byte for {_drainLimit}";
                return;
            }
        }
    }

    private void Send(in Ask ask, TimeSpan due)
    {
        int index = _free.Pop();
        LoadConnection connection = _connections[index];
        connection.Begin(ask, _started + (long)(due.TotalSeconds * _time.TimestampFrequency));
        if (connection.Failure is null)
        {
            _polled[index] = new Poll.Entry { Descriptor = connection.Descriptor, Wanted = Poll.Readable };
        }
        else
        {
            Finish(index, 0);
        }
    }

    private void TakeAll(long now)
    {
        for (int i = 0; i < _polled.Length; i++)
        {
            if (_polled[i].Returned != 0 && _polled[i].Descriptor >= 0 && _connections[i].Receive(_buffer, now))
            {
                Finish(i, _time.GetTimestamp());
            }
        }
    }

    private void Finish(int index, long now)
    {
        LoadConnection connection = _connections[index];
        if (connection.Failure is { } failure)
        {
            Count(failure);
            _wrong += connection.IsWrong ? 1 : 0;
            OpenAnew(connection, failure);
        }
        else
        {
            _lastAnswer = now;
            _hits += connection.IsHit ? 1 : 0;
            _milliseconds.Add(_time.GetElapsedTime(connection.DueAt, now).TotalMilliseconds);
            _firstBytes.Add(_time.GetElapsedTime(connection.DueAt, connection.FirstByteAt).TotalMilliseconds);
            if (connection.IsLast)
            {
                OpenAnew(connection, "an answer with Connection: close");
            }
        }

        Release(index);
    }

    private static void OpenAnew(LoadConnection connection, string after)
    {
        try
        {
            connection.Open();
        }
        catch (SocketException refused)
        {
            throw new IOException($"After '{after}' the server took no new connection: {refused.Message}", refused);
        }
    }

    private void Count(string failure)
    {
        _errors++;
        _firstError ??= failure;
    }

    private void Release(int index)
    {
        _polled[index] = new Poll.Entry { Descriptor = -1 };
        _free.Push(index);
    }
}
