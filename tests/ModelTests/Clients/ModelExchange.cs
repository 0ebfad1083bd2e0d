using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace S3Proxy.ModelTests.Clients;

/// <summary>A request and its response as a server would hold them, without a connection.</summary>
internal sealed class ModelExchange : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature
{
    private readonly ModelReader _reader;
    private Stream? _stream;

    public ModelExchange(ModelReader reader, PipeWriter writer, CancellationToken aborted)
    {
        _reader = reader;
        Writer = writer;
        RequestAborted = aborted;
        Http = new DefaultHttpContext();
        Http.Features.Set<IHttpResponseFeature>(this);
        Http.Features.Set<IHttpResponseBodyFeature>(this);
        Http.Features.Set<IHttpRequestLifetimeFeature>(this);
        Http.Request.Method = reader.Spec.IsHead ? "HEAD" : "GET";
    }

    public DefaultHttpContext Http { get; }

    public CancellationToken RequestAborted { get; set; }

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    [Obsolete("Of the interface; the body is Writer.")]
    public Stream Body { get; set; } = Stream.Null;

    public bool HasStarted { get; private set; }

    public PipeWriter Writer { get; }

    public Stream Stream => _stream ??= new ClientStream(Writer);

    /// <summary>Cuts the connection.</summary>
    public void Abort() => _reader.OnCut();

    /// <summary>Sends status and headers, if they have not been sent.</summary>
    public void EnsureStarted()
    {
        if (!HasStarted)
        {
            HasStarted = true;
            _reader.OnStarted(StatusCode, Headers);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        EnsureStarted();
        return Task.CompletedTask;
    }

    public Task CompleteAsync() => Task.CompletedTask;

    public void DisableBuffering()
    {
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void OnStarting(Func<object, Task> callback, object state)
    {
    }

    public void OnCompleted(Func<object, Task> callback, object state)
    {
    }
}
