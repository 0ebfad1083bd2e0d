using static S3Proxy.Configuration.Schema.ValueKind;

namespace S3Proxy.Configuration.Schema;

/// <summary>
/// Every key there is. The check of a file, the defaults and the table of docs/configuration.md (compared by a test) come from here; what several keys
/// must fulfil together stands in the readers of <c>Configuration/Reading</c>.
/// </summary>
internal static class ConfigurationKeys
{
    private const string Year = "365d";

    /// <summary>All keys, parents before children, in the order of the documentation.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
        [.. Listen(), .. Origins(), .. Buckets(), .. Auth(), .. Cache(), .. Coalescing(), .. Waking(), .. Batching(), .. LimitKeys.All(), .. EventKeys.All(), .. Reload(), .. Drain(), .. TelemetryKeys.All()];

    private static IEnumerable<ConfigurationKey> Listen() =>
    [
        new("listen", Mapping, null, "Where the proxy listens."),
        new("listen.endpoint", Url, "http://127.0.0.1:9000",
            "Data port. The host is `localhost`, an IPv4 or `[IPv6]` address, or `*` for all; port 0 takes a free one. `https` needs `listen.tls`.")
            { NeedsRestart = true },
        new("listen.admin", Url, "http://127.0.0.1:9001",
            "Admin port, written as `listen.endpoint`. Needs `listen.adminToken` unless it is a loopback address. `https` needs `listen.adminTls`.")
            { NeedsRestart = true },
        new("listen.hostSuffix", Text, null,
            "Host name under which clients may put the bucket in front (`BUCKET.SUFFIX`). Absent: path-style only."),
        new("listen.trustedProxies", List, null,
            "Proxies before the data port whose `X-Forwarded-For` is believed ([how](limits.md#behind-a-proxy)). Absent: nobody's, and a client's address is that of its connection."),
        new("listen.trustedProxies[]", Text, null, "An address, or a network such as `10.0.0.0/8`."),
        .. SecretKeys("listen.adminToken",
            "Bearer token of the admin port, printable ASCII without spaces. Absent: none is asked for, which only a loopback address may."),
        new("listen.zeroCopy", Flag, "true",
            "`true`: bodies go from memory to the sockets of clients without a copy, on 64-bit Linux, with HTTP/1.1 without TLS. `false`, and elsewhere: they are copied.")
            { NeedsRestart = true },
        new("listen.inlineScheduling", Flag, "true",
            "`true`: a request begins on the thread that heard its socket, and a hit ends there (on Linux, with HTTP/1.1 without TLS). `false`: each is handed to the thread pool.")
            { NeedsRestart = true },
        new("listen.fastPath", Flag, "true",
            "`true`: hits of up to 64 KiB are answered from the bytes of a connection, without the server between (on 64-bit Linux, with HTTP/1.1 without TLS). `false`: the server answers everything.")
            { NeedsRestart = true },
        new("listen.protocols", List, null,
            "Versions of HTTP on the data port. Absent: both with `https`, `http1` otherwise. Without TLS only one can be served: `http2` is then asked for by clients that know it beforehand.")
            { NeedsRestart = true },
        new("listen.protocols[]", Choice, null, "A version.") { Choices = ["http1", "http2"], NeedsRestart = true },
        new("listen.tls", Mapping, null, "Certificate of the data port; with an `https` endpoint, and only then."),
        .. TlsKeys("listen.tls"),
        new("listen.adminTls", Mapping, null, "Certificate of the admin port; with an `https` address, and only then."),
        .. TlsKeys("listen.adminTls"),
    ];

    private static IEnumerable<ConfigurationKey> TlsKeys(string parent) =>
    [
        new($"{parent}.certificateFile", Text, null,
            "The certificate, then those it is signed by: PEM, or PKCS #12 where the name ends in `.pfx` or `.p12`. A relative path starts at the configuration file.")
            { MissingMessage = "is missing: write the file of the certificate" },
        new($"{parent}.keyFile", Text, null, "Private key in PEM form. Absent: it stands in `certificateFile`."),
        .. SecretKeys($"{parent}.password", "Password of the private key. Absent: it has none."),
        new($"{parent}.minimumVersion", Choice, "1.2", "Oldest version of TLS that clients may use.") { Choices = ["1.2", "1.3"] },
    ];

    private static IEnumerable<ConfigurationKey> Origins() =>
    [
        new("origins", NamedMapping, null, "S3 servers, by a name of `a-z`, `0-9` and `-` (at most 63).")
            { MissingMessage = "at least one origin is needed, for example { main: { endpoints: [\"http://127.0.0.1:8000\"] } }" },
        new("origins.*", Mapping, null, "One S3 server, or several equal endpoints of it."),
        new("origins.*.endpoints", List, null, "1 to 64 endpoints of one scheme; several are balanced and watched.")
            { MissingMessage = "is missing: write at least one endpoint, such as http://127.0.0.1:8000" },
        new("origins.*.endpoints[]", Url, null, "`http` or `https`, host and port; no path, query or user."),
        new("origins.*.identity", Text, null,
            "Name of the place whose objects these are, of `a-z`, `0-9` and `-` (at most 63). Origins of one name with the same identity share what is cached, whatever their endpoints. Absent: another set of endpoints or another region is another place."),
        new("origins.*.region", Text, "us-east-1", "Region that requests are signed for."),
        new("origins.*.addressing", Choice, "path",
            "Where origin URLs name the bucket: in the path or in front of the host name.")
            { Choices = ["path", "host"] },
        new("origins.*.credentials", Mapping, null,
            "Keys that sign origin requests. Absent: the AWS SDK chain (environment, profile, web identity, container, instance)."),
        new("origins.*.credentials.anonymous", Flag, "false", "`true`: requests are not signed, and no other key may stand beside it."),
        new("origins.*.credentials.accessKeyId", Text, null, "Access key id; needs a secret access key."),
        .. SecretKeys("origins.*.credentials.secretAccessKey", "Secret access key."),
        .. SecretKeys("origins.*.credentials.sessionToken", "Session token of temporary keys. Absent: none."),
        new("origins.*.verifyETag", Choice, "auto",
            "Whether whole objects are checked against an ETag in the form of an MD5. `auto`: once one of this origin's ETags has been the MD5 of its bytes.")
            { Choices = ["auto", "always", "never"] },
        new("origins.*.uploadTrailers", Choice, "strip",
            "A checksum in the trailer of an upload is verified here. `strip`: the origin gets the plain body. `forward`: it gets the trailer too; not with `anonymous`.")
            { Choices = ["strip", "forward"] },
        new("origins.*.timeouts", Mapping, null, "Bounds on the stages of an origin request."),
        new("origins.*.timeouts.connect", Duration, "5s", "TCP and TLS connect.") { Range = ("1ms", "10m") },
        new("origins.*.timeouts.firstByte", Duration, "30s", "From sending a request to its response headers.") { Range = ("1ms", "1h") },
        new("origins.*.timeouts.noProgress", Duration, "30s", "Without a byte while the proxy is reading.") { Range = ("1ms", "1h") },
        new("origins.*.timeouts.total", Duration, "0s",
            "Time spent reading one answer; what is missing then is asked for anew. 0: no bound.")
            { Range = ("0s", "7d") },
        new("origins.*.concurrency", Mapping, null, "How many answers to shared fetches are open at once. Forwarded requests do not count."),
        new("origins.*.concurrency.max", Integer, "256", "Most at once.") { Range = ("1", "65536") },
        new("origins.*.concurrency.min", Integer, "4", "What an origin under load is never brought below; at most `max`.") { Range = ("1", "65536") },
        new("origins.*.concurrency.adaptive", Flag, "true",
            "Whether first bytes that come late lower the number. An origin that answers 503 or 429 or not in time always does."),
        new("origins.*.concurrency.maxWaiting", Integer, "10000", "How many wait for their turn at most; more get SlowDown.") { Range = ("1", "1000000") },
        new("origins.*.concurrency.waitLimit", Duration, "30s", "How long one waits at most, then SlowDown.") { Range = ("1ms", "1h") },
        new("origins.*.retry", Mapping, null, "What is sent again when the origin fails."),
        new("origins.*.retry.maxRepeats", Integer, "1", "How often one request is repeated after 429, 500, 502, 503 or 504.") { Range = ("0", "5") },
        new("origins.*.retry.budget", Share, "20%", "Repeats of all kinds per request, besides a few each second.") { Range = ("0%", "100%") },
        new("origins.*.hedging", Mapping, null, "A second request when the first byte is later than for 95 % of the last ones."),
        new("origins.*.hedging.enabled", Flag, "false", "Whether there is one. The first good answer wins, the other is cancelled."),
        new("origins.*.hedging.maxExtra", Share, "5%", "Second requests per request at most.") { Range = ("1%", "50%") },
    ];

    private static IEnumerable<ConfigurationKey> Buckets() =>
    [
        new("buckets", NamedMapping, null,
            "Buckets by the name clients use. `\"*\"` serves all that have no entry; without it they are NoSuchBucket.")
            { MissingMessage = "no bucket is configured; write { \"*\": { origin: NAME } } to serve all buckets of an origin" },
        new("buckets.*", Mapping, null, "How one bucket is served."),
        new("buckets.*.origin", Text, null, "Name of an entry of `origins`.")
            { MissingMessage = "is missing: name an entry of origins" },
        new("buckets.*.bucket", Text, null, "Bucket name at the origin. Absent: the client's name."),
        new("buckets.*.prefix", Text, "", "Put before every key at the origin, at most 512 bytes, no leading slash. Empty: none."),
        new("buckets.*.cache", Mapping, null, "Freshness of this bucket. What is absent comes from `cache.default`."),
        .. RuleKeys("buckets.*.cache", isInherited: true),
        new("buckets.*.cache.memoryQuota", Size, null,
            "The most that objects of this bucket may hold of the memory, from 4 slices more than `cache.readAheadSlices` and `cache.maxReadAhead` are (by default 12 MiB) to `cache.memory.size`; more are evicted among themselves. It is one for all names of the bucket at its origin. Not for `\"*\"`. Absent: no bound but the memory's.")
            { Range = ("320KiB", "64TiB") },
        new("buckets.*.coalescing", Mapping, null, "Sharing of fetches of this bucket."),
        new("buckets.*.coalescing.mode", Choice, null,
            "As `coalescing.mode`. Absent: that one.")
            { Choices = ["streaming", "buffered", "off"] },
    ];

    private static IEnumerable<ConfigurationKey> Auth() =>
    [
        new("auth", Mapping, null, "Who may use the proxy. There is no default: choose.")
            { MissingMessage = "choose who may use the proxy: { mode: sigv4, keys: [...] } for clients that sign, { mode: anonymous } for public reads, or { mode: passthrough } to let the origin judge" },
        new("auth.mode", Choice, null, "`sigv4`: clients sign with `auth.keys`. `anonymous`: anyone may read, nobody may write. `passthrough`: the origin judges each client's own signature.")
            {
                Choices = ["sigv4", "anonymous", "passthrough"],
                MissingMessage = "is missing: choose sigv4 (clients sign with keys of this file), anonymous (public reads) or passthrough (the origin judges)",
            },
        new("auth.authorisationTtl", Duration, "0s", "With `passthrough`: how long the very same signed request is not judged again by the origin.") { Range = ("0s", "1h") },
        new("auth.clockSkew", Duration, "15m", "Largest difference between a request's time and the proxy's.") { Range = ("1s", "1d") },
        new("auth.keys", List, null, "Keys issued to clients. At least one with `sigv4`, none otherwise."),
        new("auth.keys[]", Mapping, null, "One client key."),
        new("auth.keys[].accessKeyId", Text, null, "Access key id, each there once.")
            { MissingMessage = "is missing" },
        .. SecretKeys("auth.keys[].secretAccessKey", "Secret access key. One of the three forms is needed."),
        new("auth.keys[].grants", List, null, "What the key may do; at least one.")
            { MissingMessage = "is missing: say what the key may do" },
        new("auth.keys[].grants[]", Mapping, null, "Actions on the keys of a bucket that begin with a prefix."),
        new("auth.keys[].grants[].bucket", Text, null, "Bucket name clients use, or `\"*\"` for all.")
            { MissingMessage = "is missing: name a bucket, or write \"*\" for all" },
        new("auth.keys[].grants[].prefix", Text, "", "Key prefix. Empty: all keys."),
        new("auth.keys[].grants[].actions", List, null, "What is allowed; at least one.")
            { MissingMessage = "is missing: write some of read, list, write, delete" },
        new("auth.keys[].grants[].actions[]", Choice, null, "An action.") { Choices = ["read", "list", "write", "delete"] },
    ];

    private static IEnumerable<ConfigurationKey> Cache() =>
    [
        new("cache", Mapping, null, "The cache."),
        new("cache.sliceSize", Size, "1MiB", "Bytes of a slice, a power of two.") { NeedsRestart = true, Range = ("64KiB", "64MiB") },
        new("cache.readAheadSlices", Integer, "4",
            "How far a fetch stays ahead of its fastest reader; at most half of the slices that fit in memory.")
            { NeedsRestart = true, Range = ("1", "1024") },
        new("cache.maxReadAhead", Size, "8MiB",
            "How much at most is fetched before it is asked for, when a client reads ranges in order. 0: nothing. At most an eighth of memory.")
            { NeedsRestart = true, Range = ("0", "64MiB") },
        new("cache.parallelRuns", Integer, "1",
            "How many origin GETs bring one large object side by side, for origins that limit each connection.")
            { NeedsRestart = true, Range = ("1", "16") },
        new("cache.parallelRunSize", Size, "8MiB",
            "Bytes of each of several parallel GETs, whole slices. All of them together at most a quarter of memory.")
            { NeedsRestart = true, Range = ("64KiB", "64MiB") },
        new("cache.memory", Mapping, null, "The memory tier."),
        new("cache.memory.size", Size, "512MiB",
            "Memory for cached and in-flight bytes together, at least 16 slices.")
            { NeedsRestart = true, Range = ("1MiB", "64TiB") },
        new("cache.default", Mapping, null, "Freshness of buckets that say nothing else."),
        .. RuleKeys("cache.default", isInherited: false),
        new("cache.disk", Mapping, null, "The disk tier.") { IsNotAvailable = true },
        .. Redis(),
    ];

    private static IEnumerable<ConfigurationKey> Redis() =>
    [
        new("cache.redis", Mapping, null, "What replicas share. Absent: each is by itself.") { NeedsRestart = true },
        new("cache.redis.connection", Text, null, "`HOST:PORT`, or some nodes of a Redis Cluster with commas between them. Port 6379 where none is given.")
            { NeedsRestart = true, MissingMessage = "is missing: write where Redis listens, such as redis.example.internal:6379" },
        new("cache.redis.namespace", Text, "s3proxy", "First part of every key and channel: up to 64 of `A-Z`, `a-z`, `0-9`, `.`, `_` and `-`.") { NeedsRestart = true },
        new("cache.redis.cluster", Text, "main", "Second part of every key and channel. Replicas with the same name act as one.") { NeedsRestart = true },
        new("cache.redis.maxItem", Size, "1MiB", "Largest slice that is kept in Redis. Larger ones are not.") { NeedsRestart = true, Range = ("1KiB", "64MiB") },
        new("cache.redis.ttl", Duration, "1h", "How long what is kept in Redis lives after it was written.") { NeedsRestart = true, Range = ("1s", Year) },
        new("cache.redis.user", Text, null, "ACL user. Absent: the default user.") { NeedsRestart = true },
        .. SecretKeys("cache.redis.password", "Password of the user. Absent: none."),
        new("cache.redis.tls", Flag, "false", "Whether connections are encrypted.") { NeedsRestart = true },
        new("cache.redis.tlsCaFile", Text, null,
            "PEM file of the authorities that are trusted; a relative path starts at the configuration file. Absent: those of the system."),
        new("cache.redis.timeout", Duration, "250ms", "Bound on every command. What takes longer is done without Redis.") { NeedsRestart = true, Range = ("10ms", "10s") },
        new("cache.redis.connectTimeout", Duration, "2s", "Bound on connecting.") { NeedsRestart = true, Range = ("100ms", "1m") },
        new("cache.redis.bulkConnections", Integer, "2", "Connections for bodies, to each server.") { NeedsRestart = true, Range = ("1", "16") },
        new("cache.redis.writeBehind", Size, "32MiB", "Memory that may wait to be written to Redis. What is more is not written. 0: none is.") { NeedsRestart = true, Range = ("0", "4GiB") },
        new("cache.redis.lease", Duration, "3s",
            "How long a replica counts as a member without renewing: what a write waits for at most when a replica is lost. At least four times `timeout`.")
            { NeedsRestart = true, Range = ("200ms", "1m") },
        new("cache.redis.failOpen", Flag, "false",
            "`true`: a replica that has lost Redis goes on answering from its memory, and may answer with what was overwritten.") { NeedsRestart = true },
    ];

    private static IEnumerable<ConfigurationKey> Coalescing() =>
    [
        new("coalescing", Mapping, null, "Sharing of fetches among concurrent reads."),
        new("coalescing.mode", Choice, "streaming",
            "`streaming`: followers read while bytes arrive. `buffered`: a slice when it is complete. `off`: each miss fetches for itself.")
            { Choices = ["streaming", "buffered", "off"] },
        new("coalescing.grace", Duration, "0s",
            "How long a fetch goes on after its last reader left. 0: it is cancelled at once unless nearly done.")
            { NeedsRestart = true, Range = ("0s", "5m") },
        new("coalescing.errorLinger", Duration, "0s",
            "How long a 5xx or a transport failure is shared with later requests. 0: not at all.")
            { NeedsRestart = true, Range = ("0s", "2s") },
        new("coalescing.uncacheableTtl", Duration, "10s",
            "How long reads of an object whose answer could not be shared are forwarded without waiting for one another. 0: not at all.")
            { NeedsRestart = true, Range = ("0s", "10m") },
        new("coalescing.releaseBatch", Integer, "16",
            "How many of those who waited for an answer that cannot be shared ask the origin at the same time.")
            { NeedsRestart = true, Range = ("1", "65536") },
    ];

    private static IEnumerable<ConfigurationKey> Waking() =>
    [
        new("waking", Mapping, null, "How replicas wait for one another. Without effect without `cache.redis`."),
        new("waking.enabled", Flag, "true", "Whether they wake each other. `false`: who waits looks again each `fallbackInterval`.") { NeedsRestart = true },
        new("waking.fallbackInterval", Duration, "1s", "How long one waits before looking again without having been woken.") { NeedsRestart = true, Range = ("10ms", "1h") },
        new("waking.maxWait", Duration, "30s", "How long one waits for a replica that brings nothing, then asks the origin itself. 0: not at all.")
            { NeedsRestart = true, Range = ("0s", "1h") },
    ];

    private static IEnumerable<ConfigurationKey> Batching() =>
    [
        new("batching", Mapping, null, "How lookups in Redis share round trips. Without effect without `cache.redis`."),
        new("batching.enabled", Flag, "true", "Whether they do. `false`: each lookup has its own.") { NeedsRestart = true },
        new("batching.maxBatchSize", Integer, "64", "Lookups in one round trip at most.") { NeedsRestart = true, Range = ("1", "65536") },
        new("batching.maxBatchItems", Integer, "512", "Lookups that wait at most; more go by themselves. At least `maxBatchSize`.") { NeedsRestart = true, Range = ("1", "65536") },
        new("batching.batchWindow", Duration, "1ms", "How long a lookup waits for others while a batch is under way. 0: not at all.") { NeedsRestart = true, Range = ("0s", "1s") },
    ];

    private static IEnumerable<ConfigurationKey> Reload() =>
    [
        new("reload", Mapping, null, "How changes of the configuration are noticed."),
        new("reload.interval", Duration, "5s",
            "How often this file, and the files it names, are looked at. A change that has lasted from one look to the next is taken over. 0: not at all; a signal or the admin port asks for it.")
            { NeedsRestart = true, Range = ("0s", "1h") },
    ];

    private static IEnumerable<ConfigurationKey> Drain() =>
    [
        new("drain", Mapping, null, "How the proxy ends when it is asked to."),
        new("drain.readinessDelay", Duration, "5s",
            "How long it goes on accepting connections after SIGTERM, while `/readyz` says 503 already. 0: not at all.")
            { Range = ("0s", "10m") },
        new("drain.timeout", Duration, "1h",
            "How long running requests may take after that; then they are cut off. 0: as long as they need.")
            { Range = ("0s", "7d") },
    ];

    private static IEnumerable<ConfigurationKey> RuleKeys(string parent, bool isInherited)
    {
        string? Otherwise(string value) => isInherited ? null : value;
        return
        [
            new($"{parent}.mode", Choice, Otherwise("ttl"),
                "`immutable`: served for ever. `ttl`: for `ttl`, then revalidated. `revalidate`: the origin is asked each time. `bypass`: never cached.")
                { Choices = ["immutable", "ttl", "revalidate", "bypass"] },
            new($"{parent}.ttl", Duration, Otherwise("60s"),
                "How long an object is fresh in mode `ttl`. 0: revalidated on every read.")
                { Range = ("0s", Year) },
            new($"{parent}.negativeTtl", Duration, Otherwise("1s"),
                "How long a 404 is remembered. 0: not at all, as in mode `revalidate`.")
                { Range = ("0s", Year) },
            new($"{parent}.ttlJitter", Share, Otherwise("0%"),
                "Up to this share is taken off the fresh time, so that objects fetched together do not end together.")
                { Range = ("0%", "50%") },
            new($"{parent}.refreshAhead", Share, Otherwise("0%"),
                "A read in this last share of the fresh time renews the object in the background. 0%: none does.")
                { Range = ("0%", "90%") },
            new($"{parent}.staleWhileRevalidate", Duration, Otherwise("0s"),
                "How long after the fresh time mode `ttl` still answers at once and renews in the background. 0: not at all.")
                { Range = ("0s", Year) },
            new($"{parent}.staleIfError", Duration, Otherwise("0s"),
                "How long after the fresh time the cache answers when the origin fails (5xx, unreachable, time-out). 0: not at all.")
                { Range = ("0s", Year) },
            new($"{parent}.honourOrigin", Flag, Otherwise("false"),
                "`true`: the origin's Cache-Control and Expires decide, and `ttl` where they say nothing. `false`: `ttl` decides. Without effect in mode `immutable`."),
        ];
    }

    /// <summary>The three forms in which a secret is given.</summary>
    public static IEnumerable<ConfigurationKey> SecretKeys(string pattern, string description) =>
    [
        new(pattern, Secret, null, description),
        new(pattern + "File", Text, null, "The same, read from a file and trimmed; a relative path starts at the configuration file.") { LeadsToSecret = true },
        new(pattern + "Env", Text, null, "The same, read from the environment variable of this name and trimmed.") { LeadsToSecret = true },
    ];
}
