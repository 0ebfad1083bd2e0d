using System.CommandLine;
using System.Text.Json;
using S3Proxy.Commands.Asking;
using S3Proxy.Commands.Printing;
using S3Proxy.Protocol;
using Spectre.Console;

namespace S3Proxy.Commands;

/// <summary><c>explain</c>: what a proxy knows of an object, and what a read of it would come to (requirement O2).</summary>
internal static class ExplainCommand
{
    public static Command Create(CommandContext context)
    {
        Argument<string?> bucket = CheckedOption.Bucket("The bucket, as clients know it.");
        Argument<string> key = new("KEY") { Description = "The key, as it is: not percent-encoded." };
        Command command = new("explain", "Tells what is known of an object, and what a GET of it would come to now.") { bucket, key };
        ClientOptions client = ClientOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(context, client, parsed, parsed.GetRequiredValue(bucket)!, parsed.GetRequiredValue(key), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ClientOptions client, ParseResult parsed, string bucket, string key, CancellationToken cancellationToken)
    {
        using AdminClient admin = client.Connect(parsed, context);
        JsonElement document = await admin.GetAsync($"/admin/explain?bucket={S3Uri.EncodeQueryValue(bucket)}&key={S3Uri.EncodeQueryValue(key)}", cancellationToken);
        if (client.IsJson(parsed))
        {
            JsonOutput.Write(context.Output, document);
        }
        else
        {
            Write(Screen.OfOutput(context), document);
        }

        return ExitCodes.Success;
    }

    private static void Write(Screen screen, JsonElement document)
    {
        JsonElement get = document.GetProperty("get");
        string reason = get.GetProperty("reason").GetString() ?? "";
        Table table = screen.Facts(
        [
            ("GET now", Meaning(get.GetProperty("action").GetString() ?? "") + (reason is "" or "none" ? "" : $" ({reason})")),
            ("origin", OfSection(document.GetProperty("origin"))),
            ("rule", OfSection(document.GetProperty("rule"))),
            ("memory", OfSection(document.GetProperty("memory"))),
            ("redis", OfSection(document.GetProperty("redis"))),
            ("flights", OfSection(document.GetProperty("flights"))),
            ("marks", OfSection(document.GetProperty("marks"))),
        ]);
        screen.Write(Screen.Heading($"{document.GetProperty("bucket").GetString()}/{Printable.Of(document.GetProperty("key").GetString() ?? "")}"), table);
    }

    /// <summary>The actions of <see cref="Admin.ObjectExplanation"/> as a sentence; a newer proxy's are told as they are.</summary>
    private static string Meaning(string action) => action switch
    {
        "serve" => "serve: from memory",
        "serve-and-refresh" => "serve-and-refresh: from memory, and asked about in the background",
        "join" => "join: waits with others for a fetch that runs",
        "fetch" => "fetch: one request to the origin, which others may join",
        "revalidate" => "revalidate: the origin is asked whether it has changed",
        "ask" => "ask: the origin judges each request",
        "forward" => "forward: passed on for itself alone",
        _ => action,
    };

    private static string OfSection(JsonElement section) => section.ValueKind == JsonValueKind.Null
        ? Figures.None
        : string.Join(", ", section.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null).Select(property => $"{property.Name} {OfValue(property)}"));

    private static string OfValue(JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.Array => property.Value.GetArrayLength() == 0 ? "none" : string.Join(' ', property.Value.EnumerateArray().Select(item => item.ToString())),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Number when property.Name.EndsWith("Bytes", StringComparison.Ordinal) => Figures.Bytes(property.Value.GetDouble()),
        _ => property.Value.ToString(),
    };
}
