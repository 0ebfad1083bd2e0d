using S3Proxy.Configuration;
using S3Proxy.Testing;

namespace S3Proxy.Tests.Configuration;

public sealed class ExampleConfigurationTests
{
    [Fact]
    public void The_example_loads_and_shows_every_section()
    {
        Dictionary<string, string> environment = new() { ["ORIGIN_SECRET_ACCESS_KEY"] = "a", ["CLIENT1_SECRET_ACCESS_KEY"] = "b" };

        ConfigurationResult result = ConfigurationLoader.LoadFile(Repository.PathOf("config/s3proxy.yaml"), environment);

        Assert.Empty(result.Errors);
        Assert.Equal(["main", "public"], result.Configuration!.Origins.Keys.Order());
        Assert.Equal(["datasets", "models"], result.Configuration.Buckets.Keys.Order());
        Assert.NotNull(result.Configuration.DefaultBucket);
    }

    [Fact]
    public void The_example_of_a_fleet_loads()
    {
        Dictionary<string, string> environment = new()
        {
            ["ORIGIN_SECRET_ACCESS_KEY"] = "a",
            ["CLIENT1_SECRET_ACCESS_KEY"] = "b",
            ["REDIS_PASSWORD"] = "c",
        };

        ConfigurationResult result = ConfigurationLoader.LoadFile(Repository.PathOf("config/fleet.yaml"), environment);

        Assert.Empty(result.Errors);
        Assert.NotNull(result.Configuration!.Cache.Redis);
    }
}
