namespace S3Proxy.FunctionalTests.Running;

/// <summary>Configurations for <see cref="FileProxy"/>.</summary>
internal static class FileConfigurations
{
    /// <summary>How the proxy signs for the embedded origin.</summary>
    public const string Credentials = $"credentials: {{ accessKeyId: {TestProxy.OriginKeyId}, secretAccessKey: {TestProxy.OriginSecret} }}";

    /// <summary>Everybody may read every bucket.</summary>
    public const string Open = $$"""
        origins: { main: { endpoints: [THE-PLACE], {{Credentials}} } }
        buckets: { "*": { origin: main } }
        auth: { mode: anonymous }
        cache: { memory: { size: 64MiB }, default: { mode: immutable } }
        reload: { interval: 0s }

        """;

    /// <summary>Clients sign with these keys, whose secrets are their names and <c>-secret</c>.</summary>
    public static string WithKeys(params IEnumerable<string> keys) =>
        Open.Replace("mode: anonymous", $"mode: sigv4, keys: [ {string.Join(", ", keys.Select(KeyOf))} ]", StringComparison.Ordinal);

    public static string SecretOf(string key) => key + "-secret";

    private static string KeyOf(string key) =>
        $"{{ accessKeyId: {key}, secretAccessKey: {SecretOf(key)}, grants: [ {{ bucket: \"*\", actions: [read, list, write, delete] }} ] }}";
}
