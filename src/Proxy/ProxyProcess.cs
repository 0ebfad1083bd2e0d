using System.Collections;
using System.Net.Sockets;
using S3Proxy.Commands;
using S3Proxy.Configuration;
using S3Proxy.Draining;
using S3Proxy.Pipeline;
using S3Proxy.Reloading;

namespace S3Proxy;

/// <summary>
/// The process from its arguments to its exit code. Standard output gets the one line that tells the addresses, or the result of a check; errors and the
/// log go to standard error.
/// </summary>
/// <param name="context">Streams, variables and clock.</param>
internal sealed class ProxyProcess(CommandContext context)
{
    /// <summary>A process whose streams nobody looks at.</summary>
    public ProxyProcess(TextWriter output, TextWriter error, IReadOnlyDictionary<string, string> environment)
        : this(new CommandContext(output, error, environment))
    {
    }

    /// <summary>The variables of this process.</summary>
    public static IReadOnlyDictionary<string, string> ReadEnvironment() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);

    /// <summary>Runs what the arguments ask for.</summary>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken) => new CommandLine(context, RunServerAsync).RunAsync(arguments, cancellationToken);

    /// <summary>Runs until a signal (<see cref="DrainLifetime"/>) or <paramref name="cancellationToken"/> asks for the end, then lets running requests finish.</summary>
    private async Task<int> RunServerAsync(string configurationFile, bool isCheckOnly, CancellationToken cancellationToken)
    {
        ConfigurationResult loaded = ConfigurationLoader.LoadFile(configurationFile, context.Environment);
        if (!loaded.IsValid)
        {
            foreach (ConfigurationError problem in loaded.Errors)
            {
                await context.Error.WriteLineAsync(problem.Format(configurationFile));
            }

            return ExitCodes.BadInput;
        }

        if (isCheckOnly)
        {
            await context.Output.WriteLineAsync("configuration ok");
            return ExitCodes.Success;
        }

        return await ServeAsync(loaded.Configuration, new ConfigurationFile(configurationFile, context.Environment, loaded.Source), cancellationToken);
    }

    private async Task<int> ServeAsync(ProxyConfiguration configuration, ConfigurationFile file, CancellationToken cancellationToken)
    {
        await using WebApplication app = ProxyHost.Build(configuration, logging => ConsoleLog.Configure(logging, configuration.Log), file: file);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            await context.Error.WriteLineAsync($"s3proxy: cannot listen: {refused.Message}");
            return ExitCodes.CannotStart;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Asked to end before it listened.
            return ExitCodes.Success;
        }

        await context.Output.WriteLineAsync($"s3proxy listening: data {AddressOf(app, ListenerRole.Data)} admin {AddressOf(app, ListenerRole.Admin)}");
        await context.Output.FlushAsync(CancellationToken.None);
        CurrentSnapshot current = app.Services.GetRequiredService<CurrentSnapshot>();
        bool isDrained = await Drain.WaitForEndAsync(app, () => current.Configuration.Drain, app.Services.GetRequiredService<DrainLifetime>().AtOnce, cancellationToken);
        return isDrained ? ExitCodes.Success : ExitCodes.CutOff;
    }

    private static string AddressOf(WebApplication app, ListenerRole role) => ProxyHost.AddressOf(app, role).GetLeftPart(UriPartial.Authority);
}
