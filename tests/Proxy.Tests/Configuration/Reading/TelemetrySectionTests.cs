using Microsoft.Extensions.Logging;
using S3Proxy.Configuration;

namespace S3Proxy.Tests.Configuration.Reading;

public sealed class TelemetrySectionTests
{
    [Fact]
    public void What_is_absent_is_off_or_harmless()
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Least);

        Assert.Null(configuration.Telemetry.Otlp);
        Assert.False(configuration.Telemetry.Prices.AreSet);
        Assert.Equal(TrailMode.Keys, configuration.Telemetry.Trail);
        Assert.Equal(AccessLogFormat.Off, configuration.AccessLog.Format);
        Assert.Equal(LogLevel.Information, configuration.Log.Level);
    }

    [Fact]
    public void Every_key_is_read()
    {
        ProxyConfiguration configuration = Configurations.Valid(Configurations.Least + """

            telemetry:
              maxTenants: 7
              trail: all
              prices: { currency: EUR, perThousandGets: 0.0004, perGiBEgress: 0.09 }
              otlp: { endpoint: "http://127.0.0.1:4318", protocol: http, traces: false, interval: 5s, sampleRatio: 10%, objectKeys: true }
            log: { format: json, level: warning, categories: { S3Proxy.Fetching: debug } }
            accessLog: { format: common, path: /tmp/access.log, sample: 1%, queue: 10 }
            """);

        Assert.Equal(7, configuration.Telemetry.MaxTenants);
        Assert.Equal(TrailMode.All, configuration.Telemetry.Trail);
        Assert.Equal(new PriceConfiguration { Currency = "EUR", PerThousandGets = 0.0004, PerGiBEgress = 0.09 }, configuration.Telemetry.Prices);
        OtlpConfiguration otlp = configuration.Telemetry.Otlp!;
        Assert.Equal(new Uri("http://127.0.0.1:4318"), otlp.Endpoint);
        Assert.Equal((OtlpProtocol.Http, true, false, TimeSpan.FromSeconds(5), 0.1, true), (otlp.Protocol, otlp.Metrics, otlp.Traces, otlp.Interval, otlp.SampleRatio, otlp.ObjectKeys));
        Assert.Equal((LogFormat.Json, LogLevel.Warning), (configuration.Log.Format, configuration.Log.Level));
        Assert.Equal(LogLevel.Debug, configuration.Log.Categories["S3Proxy.Fetching"]);
        Assert.Equal(new AccessLogConfiguration { Format = AccessLogFormat.Common, Path = "/tmp/access.log", Sample = 0.01, Queue = 10 }, configuration.AccessLog);
    }

    [Fact]
    public void Headers_of_exports_come_from_a_file_and_are_in_no_message()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "authorization: Bearer a b=c\nx-team: 1\n");
            Assert.Equal("authorization=Bearer%20a%20b%3Dc,x-team=1", Configurations.Valid(With(path)).Telemetry.Otlp!.Headers);

            File.WriteAllText(path, "s3cret-token");
            string errors = string.Join('\n', Configurations.Load(With(path)).Errors.Select(error => error.ToString()));
            Assert.Contains("headersFile", errors, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cret", errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string With(string path) => Configurations.Least + $$"""

        telemetry: { otlp: { endpoint: "http://127.0.0.1:4317", headersFile: {{path}} } }
        """;
}
