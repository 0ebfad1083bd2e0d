using S3Proxy.Configuration;

namespace S3Proxy.Tests.Configuration;

/// <summary>Each thing that can be wrong, with the one error expected: path, line and a part of the message.</summary>
public sealed class BadConfigurationTests
{
    // What each of these replaces in the full configuration, and the error it must give.
    [Theory]
    [InlineData("sliceSize: 128KiB", "sliceSize: 100KiB", "cache.sliceSize", "power of two")]
    [InlineData("sliceSize: 128KiB", "sliceSize: 32KiB", "cache.sliceSize", "64KiB to 64MiB")]
    [InlineData("sliceSize: 128KiB", "sliceSize: 128 Kib", "cache.sliceSize", "'128 Kib' is not a size")]
    [InlineData("sliceSize: 128KiB", "sliceSize: 16MiB", "cache.memory.size", "at least 16 slices", 36)]
    [InlineData("sliceSize: 128KiB", "slicesize: 128KiB", "cache.slicesize", "did you mean 'sliceSize'?")]
    [InlineData("sliceSize: 128KiB", "sliceSize: [128KiB]", "cache.sliceSize", "must be a single value, not a list")]
    [InlineData("sliceSize: 128KiB", "sliceSize:", "cache.sliceSize", "has no value")]
    [InlineData("sliceSize: 128KiB", "sliceSize: 99999999999TiB", "cache.sliceSize", "is not a size")]
    [InlineData("memory: { size: 64MiB }", "memory: 64MiB", "cache.memory", "must be a mapping")]
    [InlineData("readAheadSlices: 8", "readAheadSlices: 1000", "cache.readAheadSlices", "at most half of the 512 slices")]
    [InlineData("readAheadSlices: 8", "readAheadSlices: -1", "cache.readAheadSlices", "is not a whole number")]
    [InlineData("readAheadSlices: 8", "maxReadAhead: 64MiB", "cache.maxReadAhead", "at most an eighth")]
    [InlineData("readAheadSlices: 8", "maxReadAhead: 65MiB", "cache.maxReadAhead", "64MiB")]
    [InlineData("readAheadSlices: 8", "parallelRuns: 16\n  parallelRunSize: 64MiB", "cache.parallelRuns", "at most a quarter")]
    [InlineData("readAheadSlices: 8", "disk: { path: /var/cache, size: 1GiB }", "cache.disk", "not available yet")]
    [InlineData("connection: \"10.0.0.1:6379, redis-2\"", "connection: redis:70000", "cache.redis.connection", "is not HOST:PORT")]
    [InlineData("connection: \"10.0.0.1:6379, redis-2\"", "connection: \"a:1,,b:2\"", "cache.redis.connection", "is not HOST:PORT")]
    [InlineData("connection: \"10.0.0.1:6379, redis-2\"", "connection: a:0", "cache.redis.connection", "is not HOST:PORT")]
    [InlineData("connection: \"10.0.0.1:6379, redis-2\"", "connection: a/1", "cache.redis.connection", "is not HOST:PORT")]
    [InlineData("connection: \"10.0.0.1:6379, redis-2\"", "connection: \"redis-2,REDIS-2:6379\"", "cache.redis.connection", "names redis-2:6379 twice")]
    [InlineData("connection: \"10.0.0.1:6379, redis-2\"", "connection: \"a:1,password=p\"", "cache.redis.connection", "holds more than HOST:PORT")]
    [InlineData("connection: \"10.0.0.1:6379, redis-2\"", "connection: redis://a:1", "cache.redis.connection", "holds more than HOST:PORT")]
    [InlineData("connection: \"10.0.0.1:6379, redis-2\"", "connection: :p@a:1", "cache.redis.connection", "holds more than HOST:PORT")]
    [InlineData("connection: \"10.0.0.1:6379, redis-2\"", "ttl: 1h", "cache.redis.connection", "is missing: write where Redis listens", 37)]
    [InlineData("namespace: prod", "namespace: \"a:b\"", "cache.redis.namespace", "letters, digits, dots")]
    [InlineData("namespace: prod", "namespace: \"{a}\"", "cache.redis.namespace", "letters, digits, dots")]
    [InlineData("namespace: prod", "cluster: \"\"", "cache.redis.cluster", "letters, digits, dots")]
    [InlineData("namespace: prod", "maxItem: 65MiB", "cache.redis.maxItem", "1KiB to 64MiB")]
    [InlineData("namespace: prod", "ttl: 0s", "cache.redis.ttl", "1s to 365d")]
    [InlineData("namespace: prod", "timeout: 1s", "cache.redis.lease", "at least 4 times cache.redis.timeout, that is 4000ms", 37)]
    [InlineData("namespace: prod", "timeout: 1ms", "cache.redis.timeout", "10ms to 10s")]
    [InlineData("namespace: prod", "connectTimeout: 0s", "cache.redis.connectTimeout", "100ms to 1m")]
    [InlineData("namespace: prod", "bulkConnections: 0", "cache.redis.bulkConnections", "1 to 16")]
    [InlineData("namespace: prod", "writeBehind: 5GiB", "cache.redis.writeBehind", "0 to 4GiB")]
    [InlineData("namespace: prod", "lease: 100ms", "cache.redis.lease", "200ms to 1m")]
    [InlineData("namespace: prod", "failOpen: 1", "cache.redis.failOpen", "neither true nor false")]
    [InlineData("namespace: prod", "user: replica", "cache.redis.user", "StackExchangeRedisVersion in Directory.Packages.props")]
    [InlineData("namespace: prod", "user: \"a,b\"", "cache.redis.user", "must not be empty or hold")]
    [InlineData("namespace: prod", "passwordEnv: NOT_THERE", "cache.redis", "give only one of password", 37)]
    [InlineData("namespace: prod", "tlsCaFile: ca.pem", "cache.redis.tlsCaFile", "only with tls: true")]
    [InlineData("namespace: prod", "tls: true, tlsCaFile: none.pem", "cache.redis.tlsCaFile", "there is no such file")]
    [InlineData("ttl: 1m30s", "ttl: 30s1m", "cache.default.ttl", "is not a duration")]
    [InlineData("mode: revalidate", "mode: forever", "cache.default.mode", "'forever' is not one of immutable, ttl, revalidate, bypass")]
    [InlineData("staleIfError: 0s", "staleIfError: 400d", "cache.default.staleIfError", "out of range")]
    [InlineData("staleWhileRevalidate: 0", "staleWhileRevalidate: soon", "cache.default.staleWhileRevalidate", "is not a duration")]
    [InlineData("ttlJitter: 10%", "ttlJitter: 0.1", "cache.default.ttlJitter", "is not a share")]
    [InlineData("ttlJitter: 10%", "ttlJitter: 60%", "cache.default.ttlJitter", "out of range; it must be 0% to 50%")]
    [InlineData("refreshAhead: 5%", "refreshAhead: -5%", "cache.default.refreshAhead", "is not a share")]
    [InlineData("honourOrigin: true", "honourOrigin: maybe", "cache.default.honourOrigin", "neither true nor false")]
    [InlineData("errorLinger: 2s", "errorLinger: 3s", "coalescing.errorLinger", "0s to 2s")]
    [InlineData("waking: { enabled: false, ", "waking: { enabled: 0, ", "waking.enabled", "neither true nor false")]
    [InlineData("waking: { enabled: false, ", "waking: { fallbackInterval: 0s, ", "waking.fallbackInterval", "10ms to 1h")]
    [InlineData("waking: { enabled: false, maxWait: 0s", "waking: { maxWait: 2h", "waking.maxWait", "0s to 1h")]
    [InlineData("maxBatchSize: 64", "maxBatchSize: 0", "batching.maxBatchSize", "1 to 65536")]
    [InlineData("maxBatchSize: 64", "maxBatchSize: 64, maxBatchItems: 63", "batching.maxBatchItems", "at least batching.maxBatchSize, that is 64")]
    [InlineData("maxBatchSize: 64", "batchWindow: 2s", "batching.batchWindow", "0s to 1s")]
    [InlineData("batching: { enabled: false", "batching: { enabled: yes", "batching.enabled", "'yes' is neither true nor false")]
    [InlineData("http://127.0.0.1:9100", "https://127.0.0.1:9100", "listen.endpoint", "needs listen.tls with a certificate")]
    [InlineData("http://127.0.0.1:9100", "http://example.com:9100", "listen.endpoint", "is not http://HOST:PORT")]
    [InlineData("http://127.0.0.1:9100", "http://127.0.0.1:65536", "listen.endpoint", "is not http://HOST:PORT")]
    [InlineData("http://127.0.0.1:9100", "http://127.1:9100", "listen.endpoint", "is not http://HOST:PORT")]
    [InlineData("http://127.0.0.1:9100", "http://127.0.0.1:9100/x", "listen.endpoint", "is not http://HOST:PORT")]
    [InlineData("http://127.0.0.1:9100", "http://127.0.0.1:9101", "listen.admin", "share its port", 3)]
    [InlineData("hostSuffix: S3.example.internal", "hostSuffix: .example", "listen.hostSuffix", "is not a host name")]
    [InlineData("hostSuffix: S3.example.internal", "hostSuffix: 127.0.0.1", "listen.hostSuffix", "is not a host name")]
    [InlineData("  adminToken: ", "  adminTokenX: ", "listen.adminTokenX", "did you mean 'adminToken'?", 5, 2)]
    [InlineData("adminToken: ", "adminToken: a ", "listen", "without spaces", 1)]
    [InlineData("http://127.0.0.1:8000", "http://127.0.0.1:8000/base", "origins.main.endpoints[0]", "must not hold a path")]
    [InlineData("http://127.0.0.1:8000", "http://127.0.0.1:8000?x=1", "origins.main.endpoints[0]", "must not hold a query")]
    [InlineData("http://127.0.0.1:8000", "http://u:p@127.0.0.1:8000", "origins.main.endpoints[0]", "must not hold a user")]
    [InlineData("http://127.0.0.1:8000", "127.0.0.1:8000", "origins.main.endpoints[0]", "is not http://HOST:PORT")]
    [InlineData("http://127.0.0.1:8000", "ftp://127.0.0.1:8000", "origins.main.endpoints[0]", "is not http://HOST:PORT")]
    [InlineData("http://127.0.0.1:8000", "https://127.0.0.1:8000", "origins.main.endpoints[1]", "the same scheme")]
    [InlineData("http://127.0.0.1:8000", "\"http://[::1]:8001\"", "origins.main.endpoints[1]", "given twice")]
    [InlineData("endpoints: [https://s3.example.com]", "endpoints: []", "origins.cdn.endpoints", "1 to 64")]
    [InlineData("endpoints: [https://s3.example.com]", "endpoints: [https://10.0.0.1]", "origins.cdn.endpoints[0]", "must name its host")]
    [InlineData("endpoints: [https://s3.example.com]", "region: us-east-1", "origins.cdn.endpoints", "is missing", 12)]
    [InlineData("region: eu-west-1", "region: eu/west", "origins.main.region", "is not a region")]
    [InlineData("addressing: host", "addressing: virtual", "origins.cdn.addressing", "is not one of path, host")]
    [InlineData("credentials: { anonymous: true }", "credentials: { anonymous: true, accessKeyId: A }", "origins.cdn.credentials.anonymous", "either anonymous or signed")]
    [InlineData("credentials: { anonymous: true }", "credentials: { accessKeyId: A }", "origins.cdn.credentials.secretAccessKey", "is missing")]
    [InlineData("credentials: { anonymous: true }", "credentials: { secretAccessKey: s }", "origins.cdn.credentials.accessKeyId", "is missing")]
    [InlineData("credentials: { anonymous: true }", "credentials: {}", "origins.cdn.credentials", "AWS SDK chain")]
    [InlineData("accessKeyId: AK,", "accessKeyId: A/K,", "origins.main.credentials.accessKeyId", "is not an access key id")]
    [InlineData("accessKeyId: AK,", "accessKeyId: AK, secretAccessKeyEnv: X,", "origins.main.credentials", "give only one of")]
    [InlineData("connect: 1s", "connect: 0", "origins.main.timeouts.connect", "1ms to 10m")]
    [InlineData("  cdn:", "  CDN_1:", "origins.CDN_1", "name is made of", 12, 2)]
    [InlineData("\"*\": { origin: main }", "\"*\": { origin: mian }", "buckets.*.origin", "did you mean 'main'?")]
    [InlineData("\"*\": { origin: main }", "\"*\": {}", "buckets.*.origin", "is missing")]
    [InlineData("\"*\": { origin: main }", "\"*\": { origin: main, cache: { negativeTtl: x } }", "buckets.*.cache.negativeTtl", "is not a duration")]
    [InlineData("  models:", "  a:", "buckets.a", "is not a bucket name")]
    [InlineData("bucket: prod-models", "bucket: a/../b", "buckets.models.bucket", "is not a bucket name")]
    [InlineData("prefix: v2/", "prefix: /v2", "buckets.models.prefix", "begin with a slash")]
    [InlineData("coalescing: { mode: off }", "coalescing: { mode: on }", "buckets.models.coalescing.mode", "streaming, buffered, off")]
    [InlineData("mode: sigv4", "mode: passthrogh", "auth.mode", "did you mean 'passthrough'?")]
    [InlineData("mode: sigv4", "authorisationTtl: 1m\n  mode: sigv4", "auth.authorisationTtl", "only with mode passthrough")]
    [InlineData("mode: sigv4", "mode: anonymous", "auth.keys", "asks for no keys", 28)]
    [InlineData("mode: sigv4", "# no mode", "auth.mode", "choose sigv4", 24)]
    [InlineData("accessKeyId: CLIENT1", "accessKeyId: \"\"", "auth.keys[0].accessKeyId", "is not an access key id")]
    [InlineData("prefix: a/, actions: [read, list]", "actions: []", "auth.keys[0].grants[0].actions", "is empty")]
    [InlineData("actions: [read, list]", "actions: [read, read]", "auth.keys[0].grants[0].actions[1]", "given twice")]
    [InlineData("actions: [read, list]", "actions: [red]", "auth.keys[0].grants[0].actions[0]", "did you mean 'read'?")]
    [InlineData("bucket: models, actions", "bucket: m, actions", "auth.keys[0].grants[1].bucket", "neither a bucket name")]
    [InlineData("prefix: v2/", "prefix: \"v\\t2\"", "buckets.models.prefix", "control character")]
    public void A_mistake_gives_one_error_at_its_place(string original, string replacement, string path, string message, int line = 0, int errors = 1)
    {
        int at = Configurations.Full.IndexOf(original, StringComparison.Ordinal);
        Assert.True(at >= 0);
        string yaml = Configurations.Full.Remove(at, original.Length).Insert(at, replacement);
        int changedLine = Configurations.Full.AsSpan(0, at).Count('\n') + 1;

        IReadOnlyList<ConfigurationError> found = Configurations.Load(yaml).Errors;

        ConfigurationError error = Assert.Single(found, candidate => candidate.Path == path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(line == 0 ? changedLine : line, error.Line);
        Assert.Equal(errors, found.Count);
    }

    [Theory]
    [InlineData("", 1, "the file is empty")]
    [InlineData("# only a comment\n", 1, "the file is empty")]
    [InlineData("- a\n", 1, "must be a mapping")]
    [InlineData("just text", 1, "must be a mapping")]
    [InlineData("a: [1\nb: 2", 1, "not valid YAML")]
    [InlineData("a: &x 1\n", 1, "anchors")]
    [InlineData("a: *x\n", 1, "anchors")]
    [InlineData("a: !!str x\n", 1, "tags")]
    [InlineData("? [a]\n: b\n", 1, "a key must be a text")]
    [InlineData("listen: {}\n---\nlisten: {}\n", 2, "more than one document")]
    [InlineData("a:\n\t- b\n", 1, "not valid YAML")]
    public void What_is_not_one_plain_document_is_refused(string yaml, int line, string message)
    {
        ConfigurationError error = Assert.Single(Configurations.Load(yaml).Errors);

        Assert.Equal("", error.Path);
        Assert.Equal(line, error.Line);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused_without_recursing_into_it()
    {
        foreach (string unit in new[] { "[", "{a: ", "- ", "? " })
        {
            ConfigurationError error = Assert.Single(Configurations.Load("listen: " + string.Concat(Enumerable.Repeat(unit, 100_000))).Errors);
            Assert.Equal("", error.Path);
        }
    }

    [Fact]
    public void A_key_given_twice_is_told_with_both_places()
    {
        ConfigurationError error = Assert.Single(Configurations.Load(Configurations.Least + "\nauth: { mode: sigv4 }\n").Errors);

        Assert.Equal(7, error.Line);
        Assert.Contains("'auth' is given twice, first in line 6", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_missing_is_told_at_once() =>
        Assert.Equal(["origins", "buckets", "auth"], Configurations.Load("listen: {}").Errors.Select(error => error.Path));

    [Fact]
    public void Absent_auth_asks_to_choose() =>
        Assert.Contains(
            "choose who may use the proxy",
            Assert.Single(Configurations.Load(Configurations.Least.Replace("auth: { mode: anonymous }", "", StringComparison.Ordinal)).Errors).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_open_admin_port_needs_a_token()
    {
        ConfigurationError error = Assert.Single(Configurations.Load("listen: { admin: \"http://0.0.0.0:9001\" }\n" + Configurations.Least).Errors);

        Assert.Equal(("listen.admin", 1, 18), (error.Path, error.Line, error.Column));
        Assert.Contains("adminTokenFile", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sigv4_needs_keys() =>
        Assert.Equal(
            "auth.keys",
            Assert.Single(Configurations.Load(Configurations.Least.Replace("anonymous", "sigv4", StringComparison.Ordinal)).Errors).Path);

    [Fact]
    public void An_access_key_id_stands_once()
    {
        string again = """
                - accessKeyId: CLIENT1
                  secretAccessKey: other
                  grants: [ { bucket: "*", actions: [read] } ]
            cache:
            """;
        ConfigurationError error = Assert.Single(Configurations.Load(Configurations.Full.Replace("\ncache:", "\n" + again, StringComparison.Ordinal)).Errors);

        Assert.Equal(("auth.keys[1].accessKeyId", 33), (error.Path, error.Line));
        Assert.Contains("first in line 28", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_are_written_with_file_line_and_column()
    {
        ConfigurationError error = Assert.Single(Configurations.Load(Configurations.Least + "\ncache: { sliceSize: 3MiB }").Errors);

        Assert.StartsWith("conf/x.yaml:7:21: cache.sliceSize: must be a power of two", error.Format("conf/x.yaml"), StringComparison.Ordinal);
    }
}
