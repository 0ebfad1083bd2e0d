using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using S3Proxy.FastPath;
using S3Proxy.Native;
using S3Proxy.Pipeline;

namespace S3Proxy.Transport.Loops;

/// <summary>A client's connection whose socket an <see cref="EventLoop"/> watches. <see cref="Abort(ConnectionAbortedException)"/> is thread-safe; the rest is the server's, as of any connection.</summary>
internal sealed partial class LoopConnection : DefaultConnectionContext, IEventTarget, IConnectionSocketFeature
{
    private const int MostDrainedBytes = 1 << 20;

    private readonly EventLoop _loop;
    private readonly ILogger _logger;
    private readonly SocketPipeReader _input;
    private readonly DirectPipeWriter _output;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _closedTold = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ulong _token;
    private int _isClosing;
    private int _isClosedTelling;

    /// <param name="socket">Connected; the connection closes it.</param>
    /// <param name="loop">Watches it.</param>
    /// <param name="options">How it is written to and where requests go on.</param>
    /// <param name="logger">For what nobody else hears of.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The system has no room for it.</exception>
    public LoopConnection(Socket socket, EventLoop loop, LoopConnectionOptions options, ILogger logger)
        : base(Guid.CreateVersion7().ToString("N"))
    {
        Socket = socket;
        _loop = loop;
        _logger = logger;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        _input = new SocketPipeReader(socket.SafeHandle, loop, options.IsInline, TellClosed);
        _output = new DirectPipeWriter(this, socket.SafeHandle, loop, options.IsInline, options.MayReferTo(socket));
        Transport = new DirectDuplexPipe(options.Instant is { } answers ? new FastPathReader(this, _input, _output, answers) : _input, _output);
        Features.Set<IConnectionSocketFeature>(this);
        if (options.SendsPages)
        {
            Features.Set<IPageOutput>(_output);
        }

        _token = loop.Watch(socket.SafeHandle, this);
    }

    /// <inheritdoc/>
    public Socket Socket { get; }

    /// <inheritdoc/>
    public void OnEvents(SocketEvents events)
    {
        const SocketEvents Over = SocketEvents.Failed | SocketEvents.Closed;
        if ((events & (SocketEvents.Writable | Over)) != 0)
        {
            _output.Tell();
        }

        if ((events & (SocketEvents.Readable | SocketEvents.PeerEnded | Over)) != 0)
        {
            _input.Tell((events & (SocketEvents.PeerEnded | Over)) != 0);
        }

        // Whoever answers wants to know that the client has left, though nobody reads. What was sent before the end is read first.
        if ((events & Over) != 0 || ((events & SocketEvents.PeerEnded) != 0 && HasNothingLeft()))
        {
            TellClosed();
        }
    }

    /// <summary>
    /// Ends the connection at once. With a reason the client sees it broken off and not ended; Kestrel gives none (null, whatever the type says) where the other side has ended it in order: what was sent
    /// arrives then, unless a request runs or bytes are left, as a part would look like the whole.
    /// </summary>
    public override void Abort(ConnectionAbortedException? abortReason)
    {
        // First, so that whoever reads hears why, and not that the socket is gone.
        _input.Fail(abortReason ?? new ConnectionAbortedException("The connection has ended."));
        if (abortReason is null && Features.Get<ListenerFeature>() is not { RunningRequests: > 0 } && _output.TryEnd())
        {
            Close();
        }
        else
        {
            Reset();
        }

        _output.Interrupt();
        TellClosed();
    }

    /// <summary>Ends the connection after what was written, if nobody has ended it before; with a reset when bytes are left that nobody sends any more.</summary>
    public override async ValueTask DisposeAsync()
    {
        bool hasUnsent = !_output.TryEnd();
        await _input.CompleteAsync();
        await _output.CompleteAsync();
        if (hasUnsent)
        {
            Reset();
        }
        else
        {
            Close();
        }

        _output.Interrupt();
        TellClosed();
        await _closedTold.Task;
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private bool HasNothingLeft() => SocketInput.TryReceive(Socket.SafeHandle, stackalloc byte[1], isPeek: true) is 0 or SocketInput.Failed;

    /// <summary>True for the one who closes the socket.</summary>
    private bool TryBeginClose()
    {
        if (Interlocked.Exchange(ref _isClosing, 1) != 0)
        {
            return false;
        }

        _loop.Forget(Socket.SafeHandle, _token);
        return true;
    }

    private void Reset()
    {
        if (TryBeginClose())
        {
            // No time to linger: the client is sent a reset, and what it was not sent yet is thrown away.
            Socket.Close(0);
        }
    }

    private void Close()
    {
        if (!TryBeginClose())
        {
            return;
        }

        try
        {
            Socket.Shutdown(SocketShutdown.Send);

            // Bytes that nobody has received when a socket is closed make it a reset, which may overtake the answer.
            Span<byte> unread = stackalloc byte[4096];
            for (int left = MostDrainedBytes; left > 0;)
            {
                int received = SocketInput.TryReceive(Socket.SafeHandle, unread);
                if (received <= 0)
                {
                    break;
                }

                left -= received;
            }
        }
        catch (SocketException)
        {
            // The client has ended it.
        }

        Socket.Dispose();
    }

    private void TellClosed()
    {
        if (Interlocked.Exchange(ref _isClosedTelling, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.CancelClosed(), this, preferLocal: false);
        }
    }

    private void CancelClosed()
    {
        try
        {
            _closed.Cancel();
        }
        catch (Exception error)
        {
            LogClosedFailed(_logger, error);
        }

        _closedTold.TrySetResult();
    }

    [LoggerMessage(2910, LogLevel.Error, "Somebody who was told that a connection is closed failed.")]
    private static partial void LogClosedFailed(ILogger logger, Exception error);
}
