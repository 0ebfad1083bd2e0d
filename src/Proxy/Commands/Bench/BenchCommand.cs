using System.CommandLine;
using S3Proxy.Commands.Asking;
using S3Proxy.Commands.Printing;
using S3Proxy.Origin.Signing;

namespace S3Proxy.Commands.Bench;

/// <summary><c>bench</c>: a small load on any S3 endpoint, with every body checked.</summary>
internal sealed class BenchCommand
{
    /// <summary>Where the data port is by default.</summary>
    private const string DefaultEndpoint = "http://127.0.0.1:9000";

    private const int MaxConcurrency = 10_000;
    private const int MaxRequests = 1_000_000_000;
    private static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private readonly CommandContext _context;
    private readonly Argument<string[]> _targets = new("TARGET")
    {
        Description = "Objects to read in turn: BUCKET/KEY, or a whole URL, which may be presigned.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _endpoint = new("--endpoint")
    {
        Description = "The S3 endpoint or proxy for each BUCKET/KEY.",
        HelpName = "URL",
        DefaultValueFactory = _ => DefaultEndpoint,
    };

    private readonly Option<int> _concurrency = CheckedOption.Count("--concurrency", "Reads at a time,", 1, MaxConcurrency, 16);
    private readonly Option<TimeSpan?> _duration = CheckedOption.Duration("--duration", "How long to begin reads.", "10s");
    private readonly Option<int?> _requests = CheckedOption.OptionalCount("--requests", "Reads in all, however long they take,", 1, MaxRequests);
    private readonly Option<TimeSpan?> _timeout = CheckedOption.Duration("--timeout", "Bound on one read.", "60s");
    private readonly Option<bool> _anonymous = new("--anonymous") { Description = "Do not sign, also where the environment has a key." };
    private readonly Option<bool> _json = ClientOptions.NewJsonOption();

    private BenchCommand(CommandContext context, Command command)
    {
        _context = context;
        command.Add(_targets);
        foreach (Option option in new Option[] { _endpoint, _concurrency, _duration, _requests, _timeout, _anonymous, _json })
        {
            command.Add(option);
        }

        command.SetAction(RunAsync);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new(
            "bench",
            "Reads objects from any S3 endpoint as fast as it can, checks every body, and tells rates and latencies. Signs with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION where they are set.");
        _ = new BenchCommand(context, command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using Interruption interruption = new(cancellationToken);
        BenchPlan plan = new()
        {
            Targets = ReadTargets(parsed),
            Concurrency = parsed.GetValue(_concurrency),
            Requests = parsed.GetValue(_requests),
            Duration = parsed.GetValue(_requests) is null ? parsed.GetValue(_duration) ?? DefaultDuration : TimeSpan.MaxValue,
            Timeout = parsed.GetValue(_timeout) ?? DefaultTimeout,
            Credentials = parsed.GetValue(_anonymous) ? null : ReadCredentials(),
            Region = _context.Variable("AWS_REGION") ?? _context.Variable("AWS_DEFAULT_REGION") ?? "us-east-1",
        };
        BenchResult result;
        using (BenchRun run = new(plan, _context.Time))
        {
            result = await run.RunAsync(interruption.Token);
        }

        if (!result.HasReached && result.Tally.Failed > 0)
        {
            throw new CommandException(
                ExitCodes.Unreachable, plan.Targets[0].Uri.GetLeftPart(UriPartial.Authority), $"Nothing answers: {result.Tally.Failures.Keys.First()}.", "Name the endpoint with --endpoint URL.");
        }

        if (parsed.GetValue(_json))
        {
            JsonOutput.WriteObject(_context.Output, result.Write);
        }
        else
        {
            BenchReport.Write(Screen.OfOutput(_context), result);
        }

        return interruption.Token.IsCancellationRequested ? ExitCodes.Interrupted : result.Tally.Failed > 0 ? ExitCodes.Incomplete : ExitCodes.Success;
    }

    private List<BenchTarget> ReadTargets(ParseResult parsed)
    {
        string written = parsed.GetValue(_endpoint)!;
        if (!Uri.TryCreate(written, UriKind.Absolute, out Uri? endpoint) || endpoint.Scheme is not ("http" or "https") || endpoint.PathAndQuery != "/" || endpoint.UserInfo.Length > 0)
        {
            throw new CommandException(ExitCodes.BadInput, "--endpoint", "This is no address of an endpoint.", $"Write scheme, host and port, such as {DefaultEndpoint}.");
        }

        List<BenchTarget> targets = [];
        foreach (string text in parsed.GetRequiredValue(_targets))
        {
            targets.Add(BenchTarget.TryParse(text, endpoint, out BenchTarget? target)
                ? target
                : throw new CommandException(ExitCodes.BadInput, Printable.Of(text), "This is no object.", "Write BUCKET/KEY, or a URL that begins with http:// or https://."));
        }

        return targets;
    }

    private SigningCredentials? ReadCredentials()
    {
        string? id = _context.Variable("AWS_ACCESS_KEY_ID");
        string? secret = _context.Variable("AWS_SECRET_ACCESS_KEY");
        return (id, secret) switch
        {
            (null, null) => null,
            ({ } known, { } own) => new SigningCredentials(known, own, _context.Variable("AWS_SESSION_TOKEN")),
            _ => throw new CommandException(
                ExitCodes.BadInput, id is null ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY", "Only one half of the access key is set.", "Set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give --anonymous."),
        };
    }
}
