using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace S3Proxy.Testing.Origin.Server;

/// <summary>
/// Connects Kestrel and the pipeline. A request stops being active only when Kestrel has disposed of it, that is after the last byte of its
/// response was handed to the socket.
/// </summary>
internal sealed class OriginApplication(OriginPipeline pipeline, OriginTraffic traffic) : IHttpApplication<OriginExchange>
{
    public OriginExchange CreateContext(IFeatureCollection contextFeatures) => new(new DefaultHttpContext(contextFeatures));

    public Task ProcessRequestAsync(OriginExchange context) => pipeline.ProcessAsync(context);

    public void DisposeContext(OriginExchange context, Exception? exception)
    {
        if (context.Record is { } record)
        {
            traffic.End(record, context.Outcome == OriginRequestOutcome.Active ? OriginRequestOutcome.Aborted : context.Outcome);
        }
    }
}
