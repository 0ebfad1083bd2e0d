using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace S3Proxy.Tests.Transport;

/// <summary>A connection that only remembers that it was aborted.</summary>
internal sealed class AbortRecorder : ConnectionContext
{
    public bool IsAborted { get; private set; }

    public override string ConnectionId { get; set; } = "test";

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

    public override IDuplexPipe Transport { get; set; } = null!;

    public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
}
