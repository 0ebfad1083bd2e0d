using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace S3Proxy.FunctionalTests;

/// <summary>An origin that a test answers for itself: it holds no object and checks nothing.</summary>
internal sealed class BareOrigin : IAsyncDisposable
{
    private readonly WebApplication _application;

    private BareOrigin(WebApplication application) => _application = application;

    public Uri Endpoint { get; private init; } = null!;

    /// <summary>The way to a proxy whose only origin this is.</summary>
    public TestProxyOptions Options => new() { Auth = S3Proxy.Configuration.AuthMode.SigV4, OriginSide = origin => origin with { Endpoints = [Endpoint] } };

    public static async Task<BareOrigin> StartAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
        WebApplication application = builder.Build();
        application.Run(answer);
        await application.StartAsync();
        string address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new BareOrigin(application) { Endpoint = new Uri(address) };
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
