using System.CommandLine;
using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Testing.Origin;

namespace S3Proxy.Demo.Commands;

/// <summary>Runs the embedded origin alone, for benchmarks.</summary>
internal static class OriginCommand
{
    public static Command Create()
    {
        Option<int> port = CheckedOption.Create("--port", "TCP port on 127.0.0.1; 0 takes a free one.", 0, 65535, standard: 0);
        Option<int> firstByte = CheckedOption.Create("--first-byte-ms", "Wait before the headers of each answer, in milliseconds.", 0, 60_000, standard: 0);
        Option<long?> rate = CheckedOption.CreateSize("--bytes-per-second", "Body bytes per second and connection, such as 16MiB. Default: no limit.");
        Option<string> bucket = new("--bucket") { Description = "The bucket.", DefaultValueFactory = static _ => "bench" };
        Option<string[]> objects = new("--objects")
        {
            Description = "Objects as key=size or key=size@seed, such as a.bin=64KiB@7. The seed makes the bytes; default 1.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = static _ => ["1k.bin=1KiB", "64k.bin=64KiB", "1m.bin=1MiB", "64m.bin=64MiB", "1g.bin=1GiB"],
        };
        Command command = new("origin", "Runs the embedded S3 origin until it is interrupted.") { port, firstByte, rate, bucket, objects };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new EmbeddedOriginOptions
            {
                Port = parsed.GetValue(port),
                FirstByteDelay = TimeSpan.FromMilliseconds(parsed.GetValue(firstByte)),
                BytesPerSecond = parsed.GetValue(rate),
                Buckets = [parsed.GetRequiredValue(bucket)],
                MaxRecordedRequests = 0,
            },
            parsed.GetRequiredValue(objects),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(EmbeddedOriginOptions options, string[] objects, CancellationToken cancellationToken)
    {
        await using EmbeddedOrigin origin = await EmbeddedOrigin.StartAsync(options);
        try
        {
            foreach (string item in objects)
            {
                (string key, long sizeBytes, ulong seed) = Parse(item);
                origin.PutSynthetic(options.Buckets[0], key, sizeBytes, seed);
            }
        }
        catch (FormatException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 2;
        }

        Console.WriteLine($"origin listening: {origin.Endpoint.GetLeftPart(UriPartial.Authority)} bucket {options.Buckets[0]}");
        TaskCompletionSource interrupted = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), interrupted))
        {
            await interrupted.Task;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"origin stopped: {origin.Traffic.RequestCount} requests, {origin.Traffic.GetCount} GETs, {origin.Traffic.BodyBytesSent} body bytes"));
        return 0;
    }

    private static (string Key, long SizeBytes, ulong Seed) Parse(string item)
    {
        int equals = item.LastIndexOf('=');
        if (equals <= 0)
        {
            throw new FormatException($"'{item}' is no object. Write key=size or key=size@seed, such as a.bin=64KiB@7.");
        }

        string[] parts = item[(equals + 1)..].Split('@', 2);
        ulong seed = 1;
        if (parts.Length == 2 && !ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out seed))
        {
            throw new FormatException($"'{item}': the seed '{parts[1]}' is no whole number.");
        }

        return (item[..equals], ByteSize.Parse(parts[0]), seed);
    }
}
