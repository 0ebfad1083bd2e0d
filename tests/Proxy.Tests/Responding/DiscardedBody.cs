using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Responding;

/// <summary>A response body that forgets what is written, so that a measurement sees the responder alone and not the server's buffers.</summary>
internal sealed class DiscardedBody : IHttpResponseBodyFeature
{
    public DiscardingPipeWriter Discarded { get; } = new();

    public PipeWriter Writer => Discarded;

    public Stream Stream => throw new NotSupportedException();

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task CompleteAsync() => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public void DisableBuffering()
    {
    }
}
