using S3Proxy.Configuration.Schema;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>telemetry</c>.</summary>
internal static class TelemetrySection
{
    private const int MaxHeadersFileBytes = 64 << 10;

    public static TelemetryConfiguration Read(Section section) => new()
    {
        MaxTenants = section.Integer("maxTenants"),
        Prices = ReadPrices(section.Child("prices")),
        Trail = section.Choice<TrailMode>("trail"),
        Otlp = ReadOtlp(section.Child("otlp")),
    };

    private static PriceConfiguration ReadPrices(Section section)
    {
        string currency = section.Text("currency")!;
        if (currency.Length != 3 || !currency.All(char.IsAsciiLetterUpper))
        {
            section.Refuse("currency", "must be three capital letters, such as USD");
        }

        return new PriceConfiguration { Currency = currency, PerThousandGets = Number(section, "perThousandGets"), PerGiBEgress = Number(section, "perGiBEgress") };
    }

    private static double Number(Section section, string name) =>
        DecimalText.TryParse(section.Text(name)!, out long billionths) ? DecimalText.ToNumber(billionths) : 0;

    private static OtlpConfiguration? ReadOtlp(Section section)
    {
        if (!section.IsPresent || section.Text("endpoint") is not { } text)
        {
            return null;
        }

        Uri? endpoint = OriginEndpoint.TryParse(text, out string? problem);
        if (problem is not null)
        {
            section.Refuse("endpoint", problem.Replace("use credentials", "use headersFile", StringComparison.Ordinal).Replace("; use prefix under buckets", "", StringComparison.Ordinal));
        }

        return new OtlpConfiguration
        {
            Endpoint = endpoint ?? new Uri("http://127.0.0.1:4317"),
            Protocol = section.Choice<OtlpProtocol>("protocol"),
            Headers = ReadHeaders(section),
            Metrics = section.Flag("metrics"),
            Traces = section.Flag("traces"),
            Interval = section.Duration("interval"),
            SampleRatio = section.Share("sampleRatio"),
            ObjectKeys = section.Flag("objectKeys"),
        };
    }

    /// <summary>The lines <c>Name: value</c> of a file, in the form of OTEL_EXPORTER_OTLP_HEADERS. Nothing of the file is repeated in a message.</summary>
    private static string ReadHeaders(Section section)
    {
        const string Key = "headersFile";
        if (section.Setting(Key) is not { Text: not null } file)
        {
            return "";
        }

        List<string> headers = [];
        try
        {
            foreach (string line in BoundedFile.TextOf(section.Context.ReadFile(file, MaxHeadersFileBytes)).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                string name = colon > 0 ? line[..colon].Trim() : "";
                string value = colon > 0 ? line[(colon + 1)..].Trim() : "";
                if (name.Length == 0 || value.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || !value.All(c => c is >= ' ' and <= '~'))
                {
                    section.Refuse(Key, "the file must hold lines of the form NAME: VALUE in printable ASCII");
                    return "";
                }

                headers.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }
        catch (Exception refused) when (BoundedFile.IsExpected(refused))
        {
            section.Refuse(Key, $"the file cannot be read: {BoundedFile.Describe(refused)}");
        }

        return string.Join(',', headers);
    }
}
