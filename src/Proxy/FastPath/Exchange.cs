using System.Net;
using Microsoft.AspNetCore.Http.Features;
using S3Proxy.Coalescing;

namespace S3Proxy.FastPath;

/// <summary>
/// A request and its answer, as the stages know them, with everything that is needed meanwhile. Used for one request after another, whatever their connections, so that it stays in the processor's cache.
/// </summary>
/// <remarks>Not thread-safe; <see cref="Exchanges"/> lends it to one at a time. The stages keep nothing of it beyond their call.</remarks>
internal sealed class Exchange : IHttpRequestFeature, IHttpResponseFeature, IHttpConnectionFeature, IHttpRequestLifetimeFeature
{
    private const int RoomBytes = 16 * 1024;

    private readonly RequestHead _request = new();
    private readonly FieldList _responseFields = new();
    private readonly ResponseHead _responseHead;
    private readonly List<(Func<object, Task> Callback, object State)> _starting = [];

    /// <param name="timeProvider">For the dates of answers.</param>
    public Exchange(TimeProvider timeProvider)
    {
        _responseHead = new ResponseHead(timeProvider);
        FeatureCollection features = new();
        features.Set<IHttpRequestFeature>(this);
        features.Set<IHttpResponseFeature>(this);
        features.Set<IHttpConnectionFeature>(this);
        features.Set<IHttpRequestLifetimeFeature>(this);
        Http = new DefaultHttpContext(features);
    }

    /// <summary>The request and its answer for the stages.</summary>
    public HttpContext Http { get; }

    /// <summary>Where the bytes of the answer lie.</summary>
    public SharedBodyCursor Body { get; } = new();

    /// <summary>Room for the head of an answer, and for a small body behind it.</summary>
    public byte[] Room { get; } = new byte[RoomBytes];

    /// <inheritdoc/>
    public int StatusCode { get; set; }

    /// <inheritdoc/>
    public IPAddress? RemoteIpAddress { get; set; }

    string IHttpRequestFeature.Protocol { get; set; } = "HTTP/1.1";

    string IHttpRequestFeature.Scheme { get; set; } = "http";

    string IHttpRequestFeature.Method
    {
        get => _request.Method;
        set => throw new NotSupportedException();
    }

    string IHttpRequestFeature.PathBase { get; set; } = "";

    string IHttpRequestFeature.Path { get; set; } = "/";

    string IHttpRequestFeature.QueryString { get; set; } = "";

    string IHttpRequestFeature.RawTarget
    {
        get => _request.Target;
        set => throw new NotSupportedException();
    }

    IHeaderDictionary IHttpRequestFeature.Headers
    {
        get => _request.Fields;
        set => throw new NotSupportedException();
    }

    Stream IHttpRequestFeature.Body { get; set; } = Stream.Null;

    string? IHttpResponseFeature.ReasonPhrase { get; set; }

    IHeaderDictionary IHttpResponseFeature.Headers
    {
        get => _responseFields;
        set => throw new NotSupportedException();
    }

    Stream IHttpResponseFeature.Body { get; set; } = Stream.Null;

    bool IHttpResponseFeature.HasStarted => false;

    string IHttpConnectionFeature.ConnectionId { get; set; } = "";

    IPAddress? IHttpConnectionFeature.LocalIpAddress { get; set; }

    int IHttpConnectionFeature.LocalPort { get; set; }

    int IHttpConnectionFeature.RemotePort { get; set; }

    CancellationToken IHttpRequestLifetimeFeature.RequestAborted { get; set; }

    /// <summary>Reads the head of a request, and forgets the one before and its answer.</summary>
    /// <param name="bytes">As for <see cref="RequestHead.Read"/>.</param>
    /// <param name="headBytes">As for <see cref="RequestHead.Read"/>.</param>
    public HeadVerdict Read(ReadOnlySpan<byte> bytes, out int headBytes)
    {
        _responseFields.Clear();
        _starting.Clear();
        StatusCode = StatusCodes.Status200OK;
        return _request.Read(bytes, out headBytes);
    }

    /// <summary>Writes the head of the answer to the beginning of <see cref="Room"/>. False when it cannot be written here.</summary>
    public bool TryWriteHead(out int bytes)
    {
        for (int last = _starting.Count - 1; last >= 0; last--)
        {
            // Those that are there note the moment, or set a field: none waits.
            if (!_starting[last].Callback(_starting[last].State).IsCompletedSuccessfully)
            {
                bytes = 0;
                return false;
            }
        }

        return _responseHead.TryWrite(StatusCode, _responseFields, Room, out bytes);
    }

    void IHttpResponseFeature.OnStarting(Func<object, Task> callback, object state) => _starting.Add((callback, state));

    void IHttpResponseFeature.OnCompleted(Func<object, Task> callback, object state) => throw new NotSupportedException("What is answered at once has nobody to tell of its end.");

    void IHttpRequestLifetimeFeature.Abort() => throw new NotSupportedException("What is answered at once cannot be broken off.");
}
