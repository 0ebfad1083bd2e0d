using S3Proxy.Commands.Printing;
using S3Proxy.Configuration;
using S3Proxy.Protocol;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace S3Proxy.Commands.Checking;

/// <summary>A configuration as tables, without secrets.</summary>
/// <param name="screen">Where they go.</param>
internal sealed class CheckReport(Screen screen)
{
    public IRenderable[] Render(ProxyConfiguration configuration) =>
    [
        Screen.Heading("The configuration is good."),
        Summary(configuration),
        Screen.Heading("Origins"),
        Origins(configuration),
        Screen.Heading("Buckets"),
        Buckets(configuration),
        .. configuration.Auth.Mode == AuthMode.SigV4 ? [Screen.Heading("Keys of clients"), Keys(configuration)] : Array.Empty<IRenderable>(),
    ];

    private Table Summary(ProxyConfiguration configuration) => screen.Facts(
    [
        ("data port", configuration.Listen.Endpoint.ToString()),
        ("admin port", $"{configuration.Listen.Admin}, {(configuration.Listen.AdminToken is null ? "no token" : "with a token")}"),
        ("clients", configuration.Auth.Mode switch
        {
            AuthMode.SigV4 => "sigv4: they sign with keys of the proxy",
            AuthMode.Anonymous => "anonymous: everybody may read",
            _ => "passthrough: the origin judges their signatures",
        }),
        ("memory", Figures.Bytes(configuration.Cache.MemorySizeBytes)),
        ("redis", configuration.Cache.Redis?.ToString()),
    ]);

    private Table Origins(ProxyConfiguration configuration)
    {
        Table table = screen.NewTable("origin", "endpoints", "region", "addressing", "credentials");
        foreach (OriginConfiguration origin in configuration.Origins.Values.OrderBy(origin => origin.Name, StringComparer.Ordinal))
        {
            Screen.AddRow(
                table,
                origin.Name,
                string.Join(' ', origin.Endpoints.Select(endpoint => endpoint.GetLeftPart(UriPartial.Authority))),
                origin.Region,
                NameOf(origin.Addressing),
                origin.Credentials.Source == OriginCredentialsSource.Static ? $"key {origin.Credentials.AccessKeyId}" : NameOf(origin.Credentials.Source));
        }

        return table;
    }

    private Table Buckets(ProxyConfiguration configuration)
    {
        Table table = screen.NewTable("bucket", "origin", "bucket there", "prefix there", "mode", "#ttl", "fetches", "#quota");
        foreach ((string name, BucketConfiguration bucket) in configuration.Buckets.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            AddBucket(table, name, bucket);
        }

        if (configuration.DefaultBucket is { } others)
        {
            AddBucket(table, configuration.Buckets.Count == 0 ? "*" : "* (all others)", others);
        }

        return table;
    }

    private static void AddBucket(Table table, string name, BucketConfiguration bucket) => Screen.AddRow(
        table,
        name,
        bucket.Origin.Name,
        bucket.OriginBucket ?? "the same",
        bucket.Prefix.Length == 0 ? Figures.None : bucket.Prefix,
        NameOf(bucket.Cache.Mode),
        bucket.Cache.Mode == CacheMode.Ttl ? Figures.Seconds(bucket.Cache.Ttl.TotalSeconds) : Figures.None,
        NameOf(bucket.Coalescing),
        bucket.MemoryQuotaBytes is { } quota ? Figures.Bytes(quota) : Figures.None);

    private Table Keys(ProxyConfiguration configuration)
    {
        Table table = screen.NewTable("access key id", "bucket", "prefix", "actions");
        foreach (ClientKey key in configuration.Auth.Keys.Values.OrderBy(key => key.AccessKeyId, StringComparer.Ordinal))
        {
            foreach (Grant grant in key.Grants)
            {
                Screen.AddRow(table, key.AccessKeyId, grant.Bucket, grant.Prefix.Length == 0 ? Figures.None : grant.Prefix, ActionsOf(grant.Actions));
            }

            if (key.Grants.Count == 0)
            {
                Screen.AddRow(table, key.AccessKeyId, Figures.None, Figures.None, "none");
            }
        }

        return table;
    }

    private static string ActionsOf(S3Actions actions) =>
        string.Join(", ", Enum.GetValues<S3Actions>().Where(action => action != S3Actions.None && actions.HasFlag(action)).Select(action => NameOf(action)));

    private static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
