using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using S3Proxy.Admin;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using S3Proxy.Responding;
using S3Proxy.Transport;

namespace S3Proxy.Pipeline;

/// <summary>Builds the process: two listeners, the data pipeline on one and the admin handler on the other, YARP behind the data pipeline.</summary>
internal static class ProxyHost
{
    /// <summary>Builds the application; the caller starts and disposes it.</summary>
    public static WebApplication Build(ProxyConfiguration configuration, Action<ILoggingBuilder>? configureLogging = null, TimeProvider? timeProvider = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, configuration.Listen));
        builder.Services.AddTransport(configuration.Listen);
        builder.Services.AddRoutingCore();
        AddLogging(builder.Logging, configureLogging);

        // The host would begin an activity and a log scope for each request, only in case somebody logs; who traces still gets activities.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.AddProxy(configuration, timeProvider ?? TimeProvider.System);

        WebApplication app = builder.Build();
        AdminRequestHandler admin = app.Services.GetRequiredService<AdminRequestHandler>();
        DataPipeline data = app.Services.GetRequiredService<DataPipeline>();
        app.Use(next => http => http.Features.Get<ListenerFeature>()?.Role == ListenerRole.Admin ? admin.HandleAsync(http) : data.InvokeAsync(http, next));
        app.UseRouting();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }

    /// <summary>The address a started application listens on, with the port it was given.</summary>
    public static Uri AddressOf(WebApplication app, ListenerRole role) =>
        new(app.Urls.ElementAt(role == ListenerRole.Data ? 0 : 1));

    private static void Listen(KestrelServerOptions kestrel, ListenConfiguration listen)
    {
        kestrel.AddServerHeader = false;
        // S3 bodies reach 5 GiB a request; they are streamed and never held.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.AllowSynchronousIO = false;
        // Origin headers are read as Latin-1, one character a byte; written the same way, metadata in UTF-8 keeps its bytes.
        kestrel.ResponseHeaderEncodingSelector = static name => IsAlwaysAscii(name) ? null : Encoding.Latin1;
        Listen(kestrel, listen.Endpoint, ListenerRole.Data);
        Listen(kestrel, listen.Admin, ListenerRole.Admin);
    }

    /// <summary>Headers of nearly every response that the proxy or the server writes itself; Kestrel writes ASCII faster than any encoding it is given.</summary>
    private static bool IsAlwaysAscii(string name) =>
        name is "Content-Length" or "Date" or "Accept-Ranges" or "Content-Range" or CacheHeaders.Outcome or CacheHeaders.Tier or CacheHeaders.Status or S3Headers.RequestId;

    private static void Listen(KestrelServerOptions kestrel, IPEndPoint endpoint, ListenerRole role)
    {
        ListenerFeature feature = new(role);
        kestrel.Listen(endpoint, options =>
        {
            options.Protocols = HttpProtocols.Http1;
            options.Use(next => connection =>
            {
                connection.Features.Set(feature);
                return next(connection);
            });
        });
    }

    private static void AddLogging(ILoggingBuilder logging, Action<ILoggingBuilder>? configure)
    {
        if (configure is not null)
        {
            configure(logging);
            return;
        }

        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
        });
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddFilter("Yarp", LogLevel.Warning);
    }
}
