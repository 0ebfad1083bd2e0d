using System.Net;
using System.Net.Sockets;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Peers.Client;

/// <summary>One connection of a load, on which requests follow each other. Belongs to one thread, which never waits here.</summary>
/// <param name="endpoint">The server.</param>
/// <param name="content">What all bodies are windows of.</param>
/// <param name="windowBytes">Bound on what the system receives ahead; 0: as it likes.</param>
internal sealed class LoadConnection(IPEndPoint endpoint, SyntheticContent content, int windowBytes = 0) : IDisposable
{
    private const int MaxHeadBytes = 16 * 1024;

    private readonly byte[] _head = new byte[MaxHeadBytes];
    private Socket? _socket;
    private Ask _ask;
    private int _headBytes;
    private long _bodyBytes;

    /// <summary>For poll(2).</summary>
    public int Descriptor => (int)_socket!.Handle;

    /// <summary>Timestamp from which on the request under way is timed.</summary>
    public long DueAt { get; private set; }

    /// <summary>Timestamp of the first byte of its body; 0 before.</summary>
    public long FirstByteAt { get; private set; }

    /// <summary>Body bytes that came.</summary>
    public long BodyBytes => _bodyBytes;

    public bool IsHit { get; private set; }

    /// <summary>Whether the server said that it takes no more requests.</summary>
    public bool IsLast { get; private set; }

    /// <summary>What is wrong with the answer; null while nothing is.</summary>
    public string? Failure { get; private set; }

    /// <summary>Whether a byte came that should not have.</summary>
    public bool IsWrong { get; private set; }

    /// <summary>Connects, or connects anew.</summary>
    /// <exception cref="SocketException">The server does not take it.</exception>
    public void Open()
    {
        _socket?.Dispose();
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (windowBytes > 0)
        {
            _socket.ReceiveBufferSize = windowBytes;
        }

        _socket.Connect(endpoint);
        _socket.Blocking = false;
    }

    /// <summary>Sends a request. A failure is told by <see cref="Failure"/>.</summary>
    public void Begin(in Ask ask, long dueAt)
    {
        _ask = ask;
        DueAt = dueAt;
        FirstByteAt = 0;
        _headBytes = 0;
        _bodyBytes = 0;
        IsHit = false;
        IsLast = false;
        Failure = null;
        IsWrong = false;
        int sent = _socket!.Send(ask.Request, SocketFlags.None, out SocketError error);
        if (error != SocketError.Success || sent < ask.Request.Length)
        {
            Failure = $"sending: {error}";
        }
    }

    /// <summary>Takes what has arrived; true when the request is over, well or not.</summary>
    /// <param name="buffer">Scratch.</param>
    /// <param name="now">Timestamp.</param>
    public bool Receive(Span<byte> buffer, long now)
    {
        int count = _socket!.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        if (error != SocketError.Success || count == 0)
        {
            Failure = error == SocketError.Success
                ? $"the connection ended after {_bodyBytes} of {_ask.Length} bytes"
                : $"receiving: {error}";
            return true;
        }

        ReadOnlySpan<byte> arrived = buffer[..count];
        if (FirstByteAt == 0)
        {
            int bodyAt = TakeHead(arrived);
            if (bodyAt < 0)
            {
                return Failure is not null;
            }

            arrived = arrived[bodyAt..];
            if (!arrived.IsEmpty)
            {
                FirstByteAt = now;
            }
        }

        return TakeBody(arrived);
    }

    public void Dispose() => _socket?.Dispose();

    /// <summary>Where the body begins in what arrived; -1 while the head is not there as a whole.</summary>
    private int TakeHead(ReadOnlySpan<byte> arrived)
    {
        if (_headBytes < 0)
        {
            return 0;
        }

        int taken = Math.Min(arrived.Length, MaxHeadBytes - _headBytes);
        arrived[..taken].CopyTo(_head.AsSpan(_headBytes));
        int before = _headBytes;
        _headBytes += taken;
        int end = _head.AsSpan(0, _headBytes).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            Failure = _headBytes == MaxHeadBytes ? "a head without end" : null;
            return -1;
        }

        AnswerHead head = AnswerHead.Parse(_head.AsSpan(0, end));
        IsHit = head.IsHit;
        IsLast = head.IsLast;
        if (head.Status != _ask.Status || head.BodyBytes != _ask.Length)
        {
            Failure = $"status {head.Status} with {head.BodyBytes} bytes where {_ask.Status} with {_ask.Length} was expected";
            return -1;
        }

        _headBytes = -1;
        return end + 4 - before;
    }

    private bool TakeBody(ReadOnlySpan<byte> arrived)
    {
        if (arrived.Length > _ask.Length - _bodyBytes)
        {
            IsWrong = true;
            Failure = "more bytes than announced";
            return true;
        }

        if (!arrived.IsEmpty && content.FirstMismatch(_ask.Start + _bodyBytes, arrived) is >= 0 and var at)
        {
            IsWrong = true;
            Failure = $"wrong byte at {at - _ask.Start} of the body";
            return true;
        }

        _bodyBytes += arrived.Length;
        return _bodyBytes == _ask.Length;
    }
}
