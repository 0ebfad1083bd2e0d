using Microsoft.Extensions.Logging.Console;
using S3Proxy.Configuration;

namespace S3Proxy;

/// <summary>Log of the process: one line a message on standard error, because standard output tells the addresses and nothing else.</summary>
internal static class ConsoleLog
{
    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static void Configure(ILoggingBuilder logging, LogConfiguration configuration)
    {
        if (configuration.Format == LogFormat.Json)
        {
            logging.AddJsonConsole(console =>
            {
                console.TimestampFormat = TimestampFormat;
                console.UseUtcTimestamp = true;
            });
        }
        else
        {
            logging.AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.TimestampFormat = TimestampFormat + " ";
                console.UseUtcTimestamp = true;
            });
        }

        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(configuration.Level);
        logging.AddFilter("Microsoft.AspNetCore", AtLeast(LogLevel.Warning, configuration.Level));
        logging.AddFilter("Microsoft.Hosting.Lifetime", AtLeast(LogLevel.Warning, configuration.Level));
        // The process tells a failed start in one line of its own.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.AddFilter("Yarp", AtLeast(LogLevel.Warning, configuration.Level));
        // Requests that were not forwarded are told by ForwardingStage, without stack traces where nothing of ours is broken.
        logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Error);
        foreach ((string category, LogLevel level) in configuration.Categories)
        {
            logging.AddFilter(category, level);
        }
    }

    private static LogLevel AtLeast(LogLevel least, LogLevel level) => level > least ? level : least;
}
