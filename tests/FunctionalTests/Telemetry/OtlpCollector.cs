using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace S3Proxy.FunctionalTests.Telemetry;

/// <summary>A collector of OTLP/HTTP on a free port of 127.0.0.1 that remembers what it got.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app) => _app = app;

    public Uri Endpoint => new(_app.Urls.Single());

    public ConcurrentQueue<CollectedSpan> Spans { get; } = new();

    /// <summary>Metrics by name: the last message of each.</summary>
    public ConcurrentDictionary<string, ProtoMessage> Metrics { get; } = new();

    /// <summary>Values of the header <c>x-token</c>.</summary>
    public ConcurrentQueue<string> Tokens { get; } = new();

    public static async Task<OtlpCollector> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
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
        IEnumerable<ProtoMessage> scopes = new ProtoMessage(body.ToArray()).Messages(1).SelectMany(resource => resource.Messages(2));
        foreach (ProtoMessage record in scopes.SelectMany(scope => scope.Messages(2)))
        {
            if (http.Request.Path == "/v1/traces")
            {
                Spans.Enqueue(CollectedSpan.Read(record));
            }
            else if (http.Request.Path == "/v1/metrics")
            {
                Metrics[record.Text(1)] = record;
            }
        }

        http.Response.ContentType = "application/x-protobuf";
    }
}
