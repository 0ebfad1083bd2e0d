using System.CommandLine;
using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Testing.Integrity;
using Spectre.Console;

namespace S3Proxy.Demo.Commands;

/// <summary>Lets a herd of clients read one object of any endpoint at once, and verifies every byte.</summary>
internal static class HerdCommand
{
    public static Command Create()
    {
        Option<Uri?> url = CheckedOption.CreateUrl("--url", "The object, which must be one of the 'origin' command's.");
        url.Required = true;
        Option<int> clients = CheckedOption.Create("--clients", "Clients at once.", 1, 20_000, standard: 1000);
        Option<long?> size = CheckedOption.CreateSize("--size", "Bytes of the object, such as 8MiB.");
        size.Required = true;
        Option<ulong> seed = new("--seed") { Description = "The seed its bytes were made from.", DefaultValueFactory = static _ => 1 };
        Command command = new("herd", "Reads one object with many clients at once and verifies every byte.") { url, clients, size, seed };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            parsed.GetRequiredValue(url)!,
            parsed.GetValue(clients),
            new SyntheticContent(parsed.GetValue(size) ?? 0, parsed.GetValue(seed)),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Uri url, int clients, SyntheticContent content, CancellationToken cancellationToken)
    {
        TimeProvider timeProvider = TimeProvider.System;
        using ObjectClient client = new(timeProvider);
        ReadTally tally = new();
        long started = timeProvider.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => ReadAsync()));
        TimeSpan elapsed = timeProvider.GetElapsedTime(started);
        ReadSummary summary = tally.Summarize();
        string title = string.Create(CultureInfo.InvariantCulture, $"{clients} clients, {ByteSize.Format(content.Length)}, {url}");
        Reports.Write(DemoConsole.Create(), title, summary, elapsed);
        return summary.Failed == 0 ? 0 : 1;

        async Task ReadAsync() => tally.Add(await client.ReadAsync(url, content, cancellationToken));
    }
}
