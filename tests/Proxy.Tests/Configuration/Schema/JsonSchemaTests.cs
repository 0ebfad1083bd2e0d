using System.Text.Json;
using S3Proxy.Configuration;
using S3Proxy.Configuration.Schema;
using S3Proxy.Configuration.Yaml;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Configuration.Schema;

public sealed class JsonSchemaTests
{
    private readonly JsonElement _schema = JsonDocument.Parse(File.ReadAllText(Repository.PathOf("config/s3proxy.schema.json"))).RootElement;

    [Fact]
    public void The_file_holds_exactly_the_table() => Assert.Equal(JsonSchema.Write(), File.ReadAllText(Repository.PathOf("config/s3proxy.schema.json")));

    [Theory]
    [InlineData("config/s3proxy.yaml")]
    [InlineData("config/fleet.yaml")]
    public void The_examples_are_valid(string file) => Assert.Empty(Errors(File.ReadAllText(Repository.PathOf(file))));

    [Fact]
    public void What_the_proxy_loads_is_valid()
    {
        Assert.Empty(Errors(Configurations.Full));
        Assert.Empty(Errors(Configurations.Least));
    }

    [Theory]
    [InlineData("auth: { mode: anonymous }", "auth: { mode: open }", ".auth.mode: enum")]
    [InlineData("auth: { mode: anonymous }", "", ": required")]
    [InlineData("auth: { mode: anonymous }", "auth: { mode: anonymous, kyes: [] }", ".auth: additionalProperties")]
    [InlineData("endpoints: [http://127.0.0.1:8000]", "endpoints: http://127.0.0.1:8000", ".origins.main.endpoints: type")]
    [InlineData("endpoints:", "concurrency: { max: 0 }\n    endpoints:", ".origins.main.concurrency.max: minimum")]
    [InlineData("auth:", "cache: { sliceSize: 1 MB and more }\nauth:", ".cache.sliceSize: pattern")]
    [InlineData("auth:", "drain: { timeout: soon }\nauth:", ".drain.timeout: pattern")]
    [InlineData("auth:", "listen: { zeroCopy: maybe }\nauth:", ".listen.zeroCopy: type")]
    public void What_the_proxy_refuses_at_one_place_is_not(string original, string replacement, string error)
    {
        string yaml = Configurations.Least.Replace(original, replacement, StringComparison.Ordinal);
        Assert.NotEmpty(Configurations.Load(yaml).Errors);
        Assert.Equal([error], Errors(yaml));
    }

    private IReadOnlyList<string> Errors(string yaml)
    {
        List<ConfigurationError> errors = [];
        YamlNode? tree = YamlTreeReader.TryRead(yaml, errors);
        Assert.Empty(errors);
        return SchemaValidation.Errors(_schema, tree!);
    }
}
