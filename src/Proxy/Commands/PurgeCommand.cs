using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Http.Headers;
using System.Text.Json;
using S3Proxy.Commands.Asking;
using S3Proxy.Commands.Printing;

namespace S3Proxy.Commands;

/// <summary><c>purge</c>: has an object, a prefix, a bucket or everything forgotten (requirement I4), and tells what was dropped.</summary>
internal static class PurgeCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string?> bucket = CheckedOption.Bucket("The bucket, as clients know it.");
        bucket.Arity = ArgumentArity.ZeroOrOne;
        Option<string?> key = new("--key") { Description = "One object only.", HelpName = "KEY" };
        Option<string?> prefix = new("--prefix") { Description = "Only objects whose keys begin so.", HelpName = "PREFIX" };
        Option<bool> all = new("--all") { Description = "All buckets." };
        Command command = new("purge", "Makes all replicas forget what is cached of a bucket, a prefix, a key, or all.") { bucket, key, prefix, all };
        ClientOptions client = ClientOptions.AddTo(command);
        command.Validators.Add(result => Check(result, result.GetValue(bucket), result.GetValue(key), result.GetValue(prefix), result.GetValue(all)));
        command.SetAction((parsed, cancellationToken) => RunAsync(
            context, client, parsed, parsed.GetValue(bucket), parsed.GetValue(key), parsed.GetValue(prefix), cancellationToken));
        return command;
    }

    private static void Check(CommandResult result, string? bucket, string? key, string? prefix, bool all)
    {
        if (all ? bucket is not null || key is not null || prefix is not null : bucket is null)
        {
            result.AddError("Name a BUCKET, or --all and nothing else. Nothing was purged.");
        }
        else if (key is not null && prefix is not null)
        {
            result.AddError("Give --key or --prefix, not both. Nothing was purged.");
        }
        else if (key is "" || prefix is "")
        {
            result.AddError("--key and --prefix are not empty; leave them out to purge the bucket. Nothing was purged.");
        }
    }

    private static async Task<int> RunAsync(
        CommandContext context, ClientOptions client, ParseResult parsed, string? bucket, string? key, string? prefix, CancellationToken cancellationToken)
    {
        using Interruption interruption = new(cancellationToken);
        using AdminClient admin = client.Connect(parsed, context);
        using ByteArrayContent body = new(JsonSerializer.SerializeToUtf8Bytes(FieldsOf(bucket, key, prefix)));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        JsonElement report;
        try
        {
            report = await admin.PostAsync("/admin/purge", body, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            await context.Error.WriteLineAsync("s3proxy purge: Interrupted. The purge may be done all the same.");
            return ExitCodes.Interrupted;
        }

        bool isPending = report.GetProperty("pending").GetBoolean();
        if (client.IsJson(parsed))
        {
            JsonOutput.Write(context.Output, report);
        }
        else
        {
            Write(Screen.OfOutput(context), report, bucket is null ? "all buckets" : $"{bucket}/{key ?? prefix}{(key is null ? "*" : "")}", isPending);
        }

        return isPending ? ExitCodes.Incomplete : ExitCodes.Success;
    }

    private static Dictionary<string, object> FieldsOf(string? bucket, string? key, string? prefix)
    {
        Dictionary<string, object> fields = [];
        if (bucket is null)
        {
            fields["all"] = true;
            return fields;
        }

        fields["bucket"] = bucket;
        if (key is not null)
        {
            fields["key"] = key;
        }

        if (prefix is not null)
        {
            fields["prefix"] = prefix;
        }

        return fields;
    }

    private static void Write(Screen screen, JsonElement report, string what, bool isPending)
    {
        JsonElement replicas = report.GetProperty("replicas");
        screen.Line($"Dropped {Figures.Count(report.GetProperty("objects").GetDouble())} objects and {Figures.Count(report.GetProperty("slices").GetDouble())} slices of {what}.");
        foreach (JsonElement silent in replicas.GetProperty("silent").EnumerateArray())
        {
            screen.Line($"Replica {silent.GetString()} did not answer before its lease ended; it asks the origin about all it remembers before it tells it.");
        }

        // Those that did it, this one among them; none without a fleet.
        int done = replicas.GetProperty("acknowledged").GetArrayLength();
        screen.Line(isPending ? "Redis cannot be told now: only this replica has purged. The others follow when Redis is back."
            : done == 0 ? "The replica is alone: it shares no Redis with others."
            : done == 1 ? "It was done by 1 replica." : $"It was done by {done} replicas.");
    }
}
