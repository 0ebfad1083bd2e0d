using System.Net;
using System.Security.Cryptography;
using S3Proxy.Caching.Redis;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>cache.redis</c>.</summary>
internal static class RedisSection
{
    private const int DefaultPort = 6379;
    private const int MostEndpoints = 64;
    private const int LongestName = 64;
    private const int MaxCaFileBytes = 1 << 20;
    private const int TimeoutsInLease = 4;

    /// <summary>The section; null when it is absent.</summary>
    public static RedisConfiguration? Read(Section section)
    {
        if (!section.IsPresent)
        {
            return null;
        }

        TimeSpan timeout = section.Duration("timeout");
        TimeSpan lease = section.Duration("lease");
        if (lease < timeout * TimeoutsInLease)
        {
            section.Refuse("lease", $"must be at least {TimeoutsInLease} times cache.redis.timeout, that is {(timeout * TimeoutsInLease).TotalMilliseconds:0}ms");
        }

        bool tls = section.Flag("tls");
        return new RedisConfiguration
        {
            Endpoints = ReadEndpoints(section),
            Namespace = ReadName(section, "namespace"),
            Cluster = ReadName(section, "cluster"),
            MaxItemBytes = section.Size("maxItem"),
            Ttl = section.Duration("ttl"),
            User = ReadUser(section),
            Password = SecretReader.Read(section, "password"),
            Tls = tls,
            TlsCaFile = ReadCaFile(section, tls),
            Timeout = timeout,
            ConnectTimeout = section.Duration("connectTimeout"),
            BulkConnections = section.Integer("bulkConnections"),
            WriteBehindBytes = section.Size("writeBehind"),
            Lease = lease,
            FailOpen = section.Flag("failOpen"),
        };
    }

    /// <summary>What is refused is not repeated: people write passwords here.</summary>
    private static List<RedisEndpoint> ReadEndpoints(Section section)
    {
        List<RedisEndpoint> endpoints = [];
        if (section.Setting("connection").Text is not { } text)
        {
            return endpoints;
        }

        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (TryParse(part) is not { } endpoint)
            {
                section.Refuse("connection", text.Contains('=', StringComparison.Ordinal) || text.Contains("://", StringComparison.Ordinal) || text.Contains('@', StringComparison.Ordinal)
                    ? "holds more than HOST:PORT; user, password and tls are keys of their own"
                    : "is not HOST:PORT, or several with commas between them");
                return endpoints;
            }

            if (endpoints.Contains(endpoint))
            {
                section.Refuse("connection", $"names {endpoint} twice");
            }

            endpoints.Add(endpoint);
        }

        if (endpoints.Count > MostEndpoints)
        {
            section.Refuse("connection", $"names {endpoints.Count} servers; {MostEndpoints} are enough to find all others");
        }

        return endpoints;
    }

    private static RedisEndpoint? TryParse(string text)
    {
        if (text.Contains('@', StringComparison.Ordinal)
            || !Uri.TryCreate("redis://" + text, UriKind.Absolute, out Uri? uri)
            || uri.PathAndQuery is not ("" or "/") || uri.Fragment.Length > 0 || text.EndsWith('/') || uri.Port == 0)
        {
            return null;
        }

        string host = uri.HostNameType == UriHostNameType.IPv6 ? IPAddress.Parse(uri.Host).ToString() : uri.IdnHost;
        bool isHost = uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
            || (uri.HostNameType == UriHostNameType.Dns && host.Split('.').All(label => label.Length is > 0 and <= 63));
        return isHost ? new RedisEndpoint(host, uri.IsDefaultPort ? DefaultPort : uri.Port) : null;
    }

    /// <summary>Braces would make another hash tag of a key, a colon another name.</summary>
    private static string ReadName(Section section, string key)
    {
        string name = section.Text(key)!;
        if (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            section.Refuse(key, $"must be 1 to {LongestName} letters, digits, dots, underscores or hyphens");
        }

        return name;
    }

    private static string? ReadUser(Section section)
    {
        string? user = section.Text("user");
        if (user is null)
        {
            return null;
        }

        if (user.Length == 0 || user.AsSpan().ContainsAny(" ,=\"'"))
        {
            section.Refuse("user", "must not be empty or hold a space, a comma, an equals sign or a quote");
        }
        else if (!RedisClientOptions.CanSendUser)
        {
            section.Refuse(
                "user",
                "needs version 2 or later of the Redis client; this build has 1. Build with a higher StackExchangeRedisVersion in Directory.Packages.props, or give the default user a password");
        }
        else if (!SecretReader.IsGiven(section, "password"))
        {
            section.Refuse("user", "needs a password: write passwordFile or passwordEnv beside it");
        }

        return user;
    }

    private static string? ReadCaFile(Section section, bool tls)
    {
        if (section.Setting("tlsCaFile") is not { Text: not null } setting)
        {
            return null;
        }

        if (!tls)
        {
            section.Refuse("tlsCaFile", "has a meaning only with tls: true");
            return null;
        }

        try
        {
            if (CertificateAuthorities.Read(BoundedFile.TextOf(section.Context.ReadFile(setting, MaxCaFileBytes))).Count == 0)
            {
                section.Refuse("tlsCaFile", "the file holds no certificate in PEM form");
            }
        }
        catch (CryptographicException)
        {
            section.Refuse("tlsCaFile", "the file holds a certificate that cannot be read");
        }
        catch (Exception refused) when (BoundedFile.IsExpected(refused))
        {
            section.Refuse("tlsCaFile", $"the file cannot be read: {BoundedFile.Describe(refused)}");
        }

        return section.Context.PathOf(setting);
    }
}
