using System.Text;
using System.Text.Json;
using S3Proxy.Admin;
using S3Proxy.Configuration;
using S3Proxy.Configuration.Schema;
using S3Proxy.Testing.Tls;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Admin;

/// <summary>Requirement A5: the configuration is told, its secrets are not.</summary>
public sealed class ConfigurationDocumentTests : IDisposable
{
    private const string Canary = "canary-9f31c2";

    /// <summary>Every secret key of the table, by its name in angle brackets.</summary>
    private const string WithSecrets = """
        listen:
          endpoint: https://127.0.0.1:9443
          admin: https://127.0.0.1:9444
          adminToken: <listen.adminToken>
          trustedProxies: [10.0.0.0/8]
          tls: { certificateFile: tls.pfx, password: <listen.tls.password> }
          adminTls: { certificateFile: tls.pfx, password: <listen.adminTls.password> }
        origins:
          main:
            endpoints: [http://127.0.0.1:8000]
            credentials: { accessKeyId: AK, secretAccessKey: <origins.*.credentials.secretAccessKey>, sessionToken: <origins.*.credentials.sessionToken> }
        buckets: { "*": { origin: main } }
        auth:
          mode: sigv4
          keys: [{ accessKeyId: CLIENT1, secretAccessKey: "<auth.keys[].secretAccessKey>", grants: [{ bucket: "*", actions: [read] }] }]
        cache: { redis: { connection: "10.0.0.1:6379", password: <cache.redis.password> } }
        events: { token: <events.token> }
        telemetry: { otlp: { endpoint: "http://127.0.0.1:4317", headersFile: <telemetry.otlp.headersFile> } }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("s3proxy-secrets-").FullName;
    private readonly ServerCertificate _certificate = new("secrets");

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        _certificate.Dispose();
    }

    [Fact]
    public void Values_are_told_as_they_are_understood()
    {
        using JsonDocument document = Write(Configurations.Valid(Configurations.Full));

        Assert.Equal("v2/", document.RootElement.GetProperty("buckets").GetProperty("models").GetProperty("prefix").GetString());
        Assert.Equal("cdn", document.RootElement.GetProperty("buckets").GetProperty("models").GetProperty("origin").GetString());
        Assert.Equal("cdn", document.RootElement.GetProperty("origins").GetProperty("cdn").GetProperty("name").GetString());
        Assert.True(document.RootElement.GetProperty("cache").GetProperty("memorySizeBytes").GetInt64() > 0);
    }

    [Fact]
    public void No_secret_of_the_table_is_told_wherever_it_stands()
    {
        string[] secrets = [.. ConfigurationKeys.All.Where(key => key.Kind == ValueKind.Secret || key.Pattern == "telemetry.otlp.headersFile").Select(key => key.Pattern)];
        Assert.All(secrets, secret => Assert.Contains($"<{secret}>", WithSecrets, StringComparison.Ordinal));
        Assert.Equal(["telemetry.otlp.headersFile"], ConfigurationKeys.All.Where(key => key.LeadsToSecret && !IsWayTo(key, secrets)).Select(key => key.Pattern));
        File.WriteAllText(Path.Combine(_directory, "headers"), $"authorization: {Canary}\n");
        File.WriteAllBytes(Path.Combine(_directory, "tls.pfx"), _certificate.Pkcs12(Canary));

        ConfigurationResult result = ConfigurationLoader.Load(
            secrets.Aggregate(WithSecrets, (yaml, secret) => yaml.Replace($"<{secret}>", secret.EndsWith("File", StringComparison.Ordinal) ? "headers" : Canary, StringComparison.Ordinal)),
            Path.Combine(_directory, "s3proxy.yaml"), new Dictionary<string, string>());

        Assert.Empty(result.Errors);
        using JsonDocument document = Write(result.Configuration!);
        string text = document.RootElement.ToString();
        Assert.DoesNotContain(Canary, text, StringComparison.OrdinalIgnoreCase);
        Assert.True(text.Split("\"set\"").Length > secrets.Length, text);
        Assert.Equal("set", document.RootElement.GetProperty("events").GetProperty("token").GetString());
        Assert.Equal("set", document.RootElement.GetProperty("telemetry").GetProperty("otlp").GetProperty("headers").GetString());
        Assert.Equal("set", document.RootElement.GetProperty("listen").GetProperty("tls").GetProperty("certificate").GetString());
        Assert.Equal("10.0.0.0/8", document.RootElement.GetProperty("listen").GetProperty("trustedProxies")[0].GetString());
    }

    [Theory]
    [InlineData("SecretAccessKey", true)]
    [InlineData("SessionToken", true)]
    [InlineData("AdminToken", true)]
    [InlineData("Token", true)]
    [InlineData("Password", true)]
    [InlineData("Headers", true)]
    [InlineData("AccessKeyId", false)]
    [InlineData("Keys", false)]
    [InlineData("TlsCaFile", false)]
    public void Secrets_are_those_of_the_table(string property, bool isSecret) => Assert.Equal(isSecret, ConfigurationDocument.IsSecret(property));

    private static bool IsWayTo(ConfigurationKey key, string[] secrets) => secrets.Any(secret => key.Pattern == secret + "File" || key.Pattern == secret + "Env");

    private static JsonDocument Write(ProxyConfiguration configuration) =>
        JsonDocument.Parse(Encoding.UTF8.GetString(AdminAnswer.Json(200, json => ConfigurationDocument.Write(json, configuration)).Body.Span));
}
