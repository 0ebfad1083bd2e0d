using S3Proxy.Admin;
using S3Proxy.Configuration;
using S3Proxy.Origin;
using S3Proxy.Reloading;
using S3Proxy.Telemetry;
using S3Proxy.Transport;

namespace S3Proxy.Pipeline;

/// <summary>Builds the process: two listeners, the data pipeline on one and the admin handler on the other, YARP behind the data pipeline.</summary>
internal static class ProxyHost
{
    /// <summary>Builds the application; the caller starts and disposes it.</summary>
    /// <param name="configuration">What it begins with.</param>
    /// <param name="configureLogging">Where messages go; null for the console.</param>
    /// <param name="timeProvider">The only clock; null for the system's.</param>
    /// <param name="file">Where the configuration came from, so that it can be read again; null for nowhere.</param>
    public static WebApplication Build(
        ProxyConfiguration configuration, Action<ILoggingBuilder>? configureLogging = null, TimeProvider? timeProvider = null, ConfigurationFile? file = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => Listeners.Add(kestrel, configuration.Listen));
        builder.Services.AddTransport(configuration.Listen);
        builder.Services.AddRoutingCore();
        AddLogging(builder.Logging, configureLogging);

        // The host would begin an activity and a log scope for each request, only in case somebody logs; who traces still gets activities.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.AddProxy(configuration, file, timeProvider ?? TimeProvider.System);

        // Requests that run are waited for by whoever stops the host (Drain); the host's own time would cut them off.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan);

        WebApplication app = builder.Build();
        AdminRequestHandler admin = app.Services.GetRequiredService<AdminRequestHandler>();
        DataPipeline data = app.Services.GetRequiredService<DataPipeline>();
        app.Services.StartTelemetry();
        app.Use(next => http => http.Features.Get<ListenerFeature>() switch
        {
            { Role: ListenerRole.Admin } => admin.HandleAsync(http),
            var listener => data.InvokeAsync(http, listener, next),
        });
        app.UseRouting();

        // YARP registers authorization, and where nobody puts it in its place the host runs it before everything: hits need not pass it.
        app.UseAuthorization();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        app.Services.GetRequiredService<OriginRouting>().Begin(configuration, ((IEndpointRouteBuilder)app).DataSources);
        return app;
    }

    /// <summary>The address a started application listens on, with the port it was given.</summary>
    public static Uri AddressOf(WebApplication app, ListenerRole role) =>
        new(app.Urls.ElementAt(role == ListenerRole.Data ? 0 : 1));

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
