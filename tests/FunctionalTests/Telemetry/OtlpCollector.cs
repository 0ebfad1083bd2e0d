using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using S3Proxy.Configuration;

namespace S3Proxy.FunctionalTests.Telemetry;

/// <summary>A collector of OTLP/HTTP on a free port of 127.0.0.1 that remembers what it got.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    /// <summary>A flag and the length of the message.</summary>
    private const int GrpcPrefixBytes = 5;

    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app) => _app = app;

    public Uri Endpoint => new(_app.Urls.Single());

    public ConcurrentQueue<CollectedSpan> Spans { get; } = new();

    /// <summary>Metrics by name: the last message of each.</summary>
    public ConcurrentDictionary<string, ProtoMessage> Metrics { get; } = new();

    /// <summary>Values of the header <c>x-token</c>.</summary>
    public ConcurrentQueue<string> Tokens { get; } = new();

    /// <param name="protocol">With <see cref="OtlpProtocol.Grpc"/>: HTTP/2 without TLS, and the frames of gRPC.</param>
    public static async Task<OtlpCollector> StartAsync(OtlpProtocol protocol = OtlpProtocol.Http)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = protocol == OtlpProtocol.Grpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        OtlpCollector collector = new(app);
        app.Run(collector.ReceiveAsync);
        await app.StartAsync();
        return collector;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        using MemoryStream body = new();
        await http.Request.Body.CopyToAsync(body);
        Tokens.Enqueue(http.Request.Headers["x-token"].ToString());
        bool isGrpc = http.Request.ContentType == "application/grpc";
        string path = http.Request.Path.Value!;
        IEnumerable<ProtoMessage> scopes = new ProtoMessage(body.ToArray().AsSpan(isGrpc ? GrpcPrefixBytes : 0)).Messages(1).SelectMany(resource => resource.Messages(2));
        foreach (ProtoMessage record in scopes.SelectMany(scope => scope.Messages(2)))
        {
            if (path is "/v1/traces" or "/opentelemetry.proto.collector.trace.v1.TraceService/Export")
            {
                Spans.Enqueue(CollectedSpan.Read(record));
            }
            else if (path is "/v1/metrics" or "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export")
            {
                Metrics[record.Text(1)] = record;
            }
        }

        http.Response.ContentType = isGrpc ? "application/grpc" : "application/x-protobuf";
        if (isGrpc)
        {
            await http.Response.Body.WriteAsync(new byte[GrpcPrefixBytes]);
            http.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
