using S3Proxy.Configuration;
using S3Proxy.Configuration.Changes;

namespace S3Proxy.Tests.Configuration.Changes;

public sealed class ConfigurationChangesTests
{
    [Fact]
    public void A_file_is_the_same_as_itself_and_as_one_that_spells_its_values_otherwise()
    {
        Assert.Empty(Between(Configurations.Full, Configurations.Full));
        Assert.Empty(Between(
            Configurations.Full,
            Configurations.Full.Replace("128KiB", "131072", StringComparison.Ordinal).Replace("1m30s", "90s", StringComparison.Ordinal).Replace("addressing: host", "addressing: \"host\"", StringComparison.Ordinal)));
        Assert.Empty(Between(Configurations.Least, Configurations.Least + "\ncache: { memory: { size: 524288KiB } }\nlisten: { zeroCopy: true }\n"));
    }

    [Theory]
    [InlineData("region: eu-west-1", "region: eu-west-2", "origins.main.region", ChangeKind.Changed, false)]
    [InlineData("region: eu-west-1", "", "origins.main.region", ChangeKind.Removed, false)]
    [InlineData("prefix: v2/", "prefix: v3/", "buckets.models.prefix", ChangeKind.Changed, false)]
    [InlineData("  models:\n    origin: cdn", "  other:\n    origin: cdn", "buckets.other,buckets.models", ChangeKind.Added, false)]
    [InlineData("accessKeyId: CLIENT1", "accessKeyId: CLIENT2", "auth.keys[CLIENT2],auth.keys[CLIENT1]", ChangeKind.Added, false)]
    [InlineData("actions: [read, list]", "actions: [read]", "auth.keys[CLIENT1].grants[0].actions[1]", ChangeKind.Removed, false)]
    [InlineData("http://127.0.0.1:9100", "http://127.0.0.1:9102", "listen.endpoint", ChangeKind.Changed, true)]
    [InlineData("sliceSize: 128KiB", "sliceSize: 256KiB", "cache.sliceSize", ChangeKind.Changed, true)]
    [InlineData("namespace: prod", "namespace: test", "cache.redis.namespace", ChangeKind.Changed, true)]
    [InlineData("grace: 500ms", "grace: 501ms", "coalescing.grace", ChangeKind.Changed, true)]
    [InlineData("mode: buffered", "mode: streaming", "coalescing.mode", ChangeKind.Changed, false)]
    public void A_difference_is_told_by_its_key(string original, string replacement, string paths, object first, bool needsRestart)
    {
        IReadOnlyList<ConfigurationChange> changes = Between(Configurations.Full, Configurations.Full.Replace(original, replacement, StringComparison.Ordinal));

        Assert.Equal(paths.Split(','), changes.Select(change => change.Path));
        Assert.Equal(first, changes[0].Kind);
        Assert.All(changes, change => Assert.Equal(needsRestart, change.Key.NeedsRestart));
    }

    [Fact]
    public void Redis_that_comes_or_goes_is_one_change()
    {
        ConfigurationChange change = Assert.Single(Between(Configurations.Least, Configurations.Least + "\ncache: { redis: { connection: \"10.0.0.1\", namespace: x } }\n"));

        Assert.Equal(("cache.redis", ChangeKind.Added, true), (change.Path, change.Kind, change.Key.NeedsRestart));
        Assert.Equal(7, change.NeedsRestart().Line);
        Assert.Equal("cache.redis", change.NeedsRestart().Path);
    }

    [Fact]
    public void What_a_named_file_holds_is_part_of_the_configuration()
    {
        string directory = Directory.CreateTempSubdirectory("s3proxy-").FullName;
        string file = Path.Combine(directory, "s3proxy.yaml");
        File.WriteAllText(file, Configurations.Full.Replace($"secretAccessKey: {Configurations.Secret}, sessionToken", "secretAccessKeyFile: origin.secret, sessionToken", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(directory, "origin.secret"), "one");
        ConfigurationResult before = ConfigurationLoader.LoadFile(file, new Dictionary<string, string>());
        Assert.Empty(before.Errors);
        File.WriteAllText(Path.Combine(directory, "origin.secret"), "two");

        ConfigurationResult after = ConfigurationLoader.LoadFile(file, new Dictionary<string, string>());

        Directory.Delete(directory, recursive: true);
        Assert.Equal("two", after.Configuration!.Origins["main"].Credentials.SecretAccessKey);
        Assert.Equal("origins.main.credentials.secretAccessKeyFile", Assert.Single(ConfigurationChanges.Between(before.Source, after.Source)).Path);
        Assert.DoesNotContain("two", after.Source.ToString(), StringComparison.Ordinal);
    }

    private static IReadOnlyList<ConfigurationChange> Between(string older, string newer) =>
        ConfigurationChanges.Between(LoadedFrom(older), LoadedFrom(newer));

    private static ConfigurationSource LoadedFrom(string yaml)
    {
        ConfigurationResult result = Configurations.Load(yaml);
        Assert.Empty(result.Errors);
        return result.Source;
    }
}
