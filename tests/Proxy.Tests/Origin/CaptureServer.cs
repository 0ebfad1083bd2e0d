using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace S3Proxy.Tests.Origin;

/// <summary>A server on loopback that keeps what it was sent, byte for byte, and answers every request as a patient S3 would.</summary>
public sealed class CaptureServer : IAsyncLifetime
{
    private readonly ConcurrentQueue<CapturedRequest> _captured = new();
    private WebApplication? _application;

    public Uri Endpoint { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(AnswerAsync);
        await _application.StartAsync();
        Endpoint = new Uri(_application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    public async Task DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }
    }

    /// <summary>The oldest request not yet taken.</summary>
    public CapturedRequest Take() => _captured.TryDequeue(out CapturedRequest? request) ? request : throw new InvalidOperationException("Nothing was received.");

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        HeaderDictionary headers = [];
        foreach ((string name, var values) in context.Request.Headers)
        {
            headers[name] = values;
        }

        _captured.Enqueue(new CapturedRequest(
            context.Request.Method, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, headers, body.ToArray()));
        context.Response.Headers.ETag = "\"d41d8cd98f00b204e9800998ecf8427e\"";
        if (context.Request.Query.ContainsKey("list-type"))
        {
            await context.Response.WriteAsync("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>", context.RequestAborted);
        }
        else if (headers.ContainsKey("x-amz-copy-source"))
        {
            await context.Response.WriteAsync("<CopyObjectResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>", context.RequestAborted);
        }
    }
}
