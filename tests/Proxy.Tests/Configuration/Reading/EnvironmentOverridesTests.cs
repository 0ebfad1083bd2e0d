using S3Proxy.Configuration;

namespace S3Proxy.Tests.Configuration.Reading;

public sealed class EnvironmentOverridesTests
{
    [Fact]
    public void A_variable_replaces_a_value_of_the_file() =>
        Assert.Equal(1L << 30, Configurations.Valid(Configurations.Full, ("S3PROXY__cache__memory__size", "1GiB")).Cache.MemorySizeBytes);

    [Fact]
    public void A_variable_adds_what_the_file_does_not_have()
    {
        ProxyConfiguration configuration = Configurations.Valid(
            Configurations.Least,
            ("S3PROXY__cache__memory__size", "1GiB"),
            ("S3PROXY__buckets__my-models__origin", "main"),
            ("S3PROXY__buckets__my-models__prefix", ""));

        Assert.Equal(1L << 30, configuration.Cache.MemorySizeBytes);
        Assert.Equal("main", configuration.Buckets["my-models"].Origin.Name);
    }

    [Fact]
    public void Numbers_replace_and_add_items_in_order()
    {
        List<(string, string)> variables =
        [
            ("S3PROXY__auth__mode", "sigv4"),
            ("S3PROXY__auth__keys__0__accessKeyId", "AK"),
            ("S3PROXY__auth__keys__0__secretAccessKey", Configurations.Secret),
            ("S3PROXY__auth__keys__0__grants__0__bucket", "*"),
            ("S3PROXY__auth__keys__0__grants__0__actions__0", "read"),
        ];
        variables.AddRange(Enumerable.Range(0, 12).Select(i => ($"S3PROXY__origins__main__endpoints__{i}", $"http://127.0.0.1:{8100 + i}")));

        ProxyConfiguration configuration = Configurations.Valid(Configurations.Least, [.. variables]);

        Assert.Equal(Configurations.Secret, configuration.Auth.Keys["AK"].SecretAccessKey);
        Assert.Equal(Enumerable.Range(8100, 12), configuration.Origins["main"].Endpoints.Select(endpoint => endpoint.Port));
    }

    [Theory]
    [InlineData("S3PROXY__cache__memory__size", "lots", "cache.memory.size", "'lots' is not a size")]
    [InlineData("S3PROXY__cache__memory__siez", "1GiB", "cache.memory", "did you mean 'size'?")]
    [InlineData("S3PROXY__cache__memory", "1GiB", "cache.memory", "cannot be set as a whole")]
    [InlineData("S3PROXY__cache__memory__size__x", "1GiB", "cache.memory.size", "nothing below it")]
    [InlineData("S3PROXY__cache__disk__path", "/x", "cache.disk", "not available yet")]
    [InlineData("S3PROXY__auth__mode", "passthru", "auth.mode", "is not one of sigv4, anonymous, passthrough")]
    [InlineData("S3PROXY__origins__main__endpoints__2", "http://h", "origins.main.endpoints", "0 to 1")]
    [InlineData("S3PROXY__origins__main__endpoints__x", "http://h", "origins.main.endpoints", "is a list")]
    [InlineData("S3PROXY__origins__main__region", "", "origins.main.region", "is not a region")]
    [InlineData("S3PROXY__origins__spare__region", "us-east-2", "origins.spare.endpoints", "is missing")]
    [InlineData("S3PROXY__", "x", "", "has no key")]
    [InlineData("S3PROXY____", "x", "", "has no key")]
    public void A_mistake_in_a_variable_names_it(string name, string value, string path, string message)
    {
        ConfigurationError error = Assert.Single(Configurations.Load(Configurations.Least, (name, value)).Errors);

        Assert.Equal((path, name), (error.Path, error.Variable));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"environment variable {name}: ", error.Format("s3proxy.yaml"), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_variables_are_left_alone() =>
        Configurations.Valid(Configurations.Least, ("S3PROXY_PORT", "tcp://10.0.0.1:80"), ("s3proxy__cache", "x"), ("PATH", "/bin"));

    [Fact]
    public void Capitals_will_do_for_the_names_of_the_table_and_of_the_file()
    {
        ProxyConfiguration configuration = Configurations.Valid(
            Configurations.Full,
            ("S3PROXY__LISTEN__ENDPOINT", "http://127.0.0.1:9200"), ("S3PROXY__CACHE__READAHEADSLICES", "3"), ("S3PROXY__ORIGINS__MAIN__REGION", "eu-north-1"), ("S3PROXY__BUCKETS__MODELS__PREFIX", "v9/"));

        Assert.Equal(9200, configuration.Listen.Endpoint.Port);
        Assert.Equal(3, configuration.Cache.ReadAheadSlices);
        Assert.Equal("eu-north-1", configuration.Origins["main"].Region);
        Assert.Equal("v9/", configuration.Buckets["models"].Prefix);
    }

    [Fact]
    public void Two_variables_for_one_key_are_an_error_that_names_both()
    {
        ConfigurationError error = Assert.Single(Configurations.Load(
            Configurations.Least, ("S3PROXY__CACHE__MEMORY__SIZE", "1GiB"), ("S3PROXY__cache__memory__size", "2GiB")).Errors);

        Assert.Equal(("cache.memory.size", "S3PROXY__cache__memory__size"), (error.Path, error.Variable));
        Assert.Contains("S3PROXY__CACHE__MEMORY__SIZE", error.Message, StringComparison.Ordinal);
    }
}
