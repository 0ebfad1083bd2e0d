using System.Globalization;

namespace S3Proxy.Demo.Processes;

/// <summary>A temporary configuration file for the proxy; deleted with the object.</summary>
internal sealed class ProxyConfigFile : IDisposable
{
    private ProxyConfigFile(string path) => Path = path;

    public string Path { get; }

    /// <summary>One origin without credentials, 512 MiB of memory.</summary>
    /// <param name="origin">The origin's endpoint.</param>
    /// <param name="rule">Freshness, as YAML. Default: objects never change.</param>
    /// <param name="coalescing">Coalescing mode.</param>
    /// <param name="concurrency">The origin's slots, as YAML.</param>
    /// <param name="auth">Who may do what, as YAML. Default: everyone may read.</param>
    /// <param name="dataPort">Port for clients; 0 takes a free one.</param>
    /// <param name="adminPort">Admin port; 0 takes a free one.</param>
    public static ProxyConfigFile Create(
        Uri origin,
        string rule = "{ mode: immutable }",
        string coalescing = "streaming",
        string concurrency = "{ max: 256 }",
        string auth = "{ mode: anonymous }",
        int dataPort = 0,
        int adminPort = 0)
    {
        string path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"s3proxy-demo-{Environment.ProcessId}-{coalescing}.yaml"));
        File.WriteAllText(path, $$"""
            listen:
              endpoint: http://127.0.0.1:{{dataPort.ToString(CultureInfo.InvariantCulture)}}
              admin: http://127.0.0.1:{{adminPort.ToString(CultureInfo.InvariantCulture)}}
            origins:
              embedded:
                endpoints: ["{{origin.GetLeftPart(UriPartial.Authority)}}"]
                region: us-east-1
                addressing: path
                credentials: { anonymous: true }
                concurrency: {{concurrency}}
            buckets:
              "*": { origin: embedded }
            auth: {{auth}}
            cache:
              sliceSize: 1MiB
              memory: { size: 512MiB }
              default: {{rule}}
            coalescing: { mode: {{coalescing}} }

            """);
        return new ProxyConfigFile(path);
    }

    public void Dispose() => File.Delete(Path);
}
