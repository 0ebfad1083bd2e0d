using System.CommandLine;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using S3Proxy.Commands.Asking;
using S3Proxy.Commands.Printing;
using S3Proxy.Protocol;
using S3Proxy.Warming;

namespace S3Proxy.Commands.Warm;

/// <summary><c>warm</c>: has a proxy load objects before anybody asks for them (requirement C8), and follows that until it is done.</summary>
internal sealed class WarmCommand
{
    private const int DefaultConcurrency = 4;

    private readonly CommandContext _context;
    private readonly Argument<string?> _bucket = CheckedOption.Bucket("The bucket, as clients know it.");
    private readonly Option<string?> _prefix = new("--prefix") { Description = "Only objects whose keys begin so. Else the whole bucket.", HelpName = "PREFIX" };
    private readonly Option<string?> _manifest = new("--manifest") { Description = "Only the keys of a file, one a line; - for standard input.", HelpName = "FILE" };
    private readonly Option<int> _concurrency = CheckedOption.Count("--concurrency", "Objects at a time,", 1, WarmRequest.MaxConcurrency, DefaultConcurrency);
    private readonly Option<long?> _maxBytes = CheckedOption.Size("--max-bytes", "Stop before the objects have more bytes together.");
    private readonly Option<bool> _detach = new("--detach") { Description = "Do not wait: tell the number of the warm-up and end." };
    private readonly ClientOptions _client;

    private WarmCommand(CommandContext context, Command command)
    {
        _context = context;
        foreach (Option option in new Option[] { _prefix, _manifest, _concurrency, _maxBytes, _detach })
        {
            command.Add(option);
        }

        command.Add(_bucket);
        _client = ClientOptions.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_prefix) is not null && result.GetValue(_manifest) is not null)
            {
                result.AddError("Give --prefix or --manifest, not both.");
            }
        });
        command.SetAction(RunAsync);
    }

    public static Command Create(CommandContext context)
    {
        Command command = new("warm", "Has the proxy load objects before anybody asks for them. Ctrl-C cancels it.");
        _ = new WarmCommand(context, command);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using Interruption interruption = new(cancellationToken);
        using AdminClient admin = _client.Connect(parsed, _context);
        WarmLook look;
        try
        {
            look = await StartAsync(parsed, admin, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }

        if (parsed.GetValue(_detach) && !interruption.Token.IsCancellationRequested)
        {
            Tell(parsed, look, () => Screen.OfOutput(_context).Line($"Warm-up {look.Id} of {WhatOf(parsed)} is {look.StateText}. It goes on at the proxy: /admin/warm/{look.Id} tells how far it is."));
            return ExitCodes.Success;
        }

        WarmFollower follower = new(admin);
        try
        {
            look = await WarmBar.ShowAsync(Screen.OfError(_context), admin.Time, onLook => follower.FollowAsync(look, onLook, interruption.Token));
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            look = await follower.CancelAsync(look);
        }

        Tell(parsed, look, () => WarmReport.Write(Screen.OfOutput(_context), look, WhatOf(parsed)));
        return interruption.Token.IsCancellationRequested && look.State != WarmState.Done ? ExitCodes.Interrupted
            : look.State == WarmState.Done && look.Failed == 0 ? ExitCodes.Success : ExitCodes.Incomplete;
    }

    /// <summary>Once the request is sent its answer is waited for: a warm-up whose number nobody knows could not be cancelled.</summary>
    private async Task<WarmLook> StartAsync(ParseResult parsed, AdminClient admin, CancellationToken cancellationToken)
    {
        string bucket = parsed.GetRequiredValue(_bucket)!;
        int concurrency = parsed.GetValue(_concurrency);
        long? maxBytes = parsed.GetValue(_maxBytes);
        using ByteArrayContent body = new(parsed.GetValue(_manifest) is { } manifest
            ? await KeyManifest.ReadAsync(manifest, _context, cancellationToken)
            : JsonSerializer.SerializeToUtf8Bytes(FieldsOf(bucket, parsed.GetValue(_prefix), concurrency, maxBytes)));
        bool isList = parsed.GetValue(_manifest) is not null;
        body.Headers.ContentType = new MediaTypeHeaderValue(isList ? "text/plain" : "application/json");
        string query = isList
            ? string.Create(CultureInfo.InvariantCulture, $"?bucket={S3Uri.EncodeQueryValue(bucket)}&concurrency={concurrency}{(maxBytes is { } most ? $"&maxBytes={most}" : "")}")
            : "";
        cancellationToken.ThrowIfCancellationRequested();
        return new WarmLook(await admin.PostAsync("/admin/warm" + query, body, CancellationToken.None));
    }

    private static Dictionary<string, object> FieldsOf(string bucket, string? prefix, int concurrency, long? maxBytes)
    {
        Dictionary<string, object> fields = new() { ["bucket"] = bucket, ["concurrency"] = concurrency };
        if (prefix is not null)
        {
            fields["prefix"] = prefix;
        }

        if (maxBytes is { } most)
        {
            fields["maxBytes"] = most;
        }

        return fields;
    }

    private void Tell(ParseResult parsed, WarmLook look, Action forPeople)
    {
        if (_client.IsJson(parsed))
        {
            JsonOutput.Write(_context.Output, look.Document);
        }
        else
        {
            forPeople();
        }
    }

    private string WhatOf(ParseResult parsed) => parsed.GetValue(_manifest) is { } manifest
        ? $"{parsed.GetValue(_bucket)}, keys of {(manifest == KeyManifest.StandardInput ? "standard input" : manifest)}"
        : $"{parsed.GetValue(_bucket)}/{parsed.GetValue(_prefix)}*";
}
