using System.Collections.Frozen;
using S3Proxy.Configuration.Schema;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>origins</c>.</summary>
internal static class OriginSection
{
    private const int MaxEndpoints = 64;

    public static FrozenDictionary<string, OriginConfiguration> ReadAll(Section section, bool isPassthrough)
    {
        Dictionary<string, OriginConfiguration> origins = new(StringComparer.Ordinal);
        foreach ((string name, Section origin) in section.Named())
        {
            if (!Names.IsOriginName(name))
            {
                origin.Refuse("an origin's name is made of a-z, 0-9 and -, at most 63 characters");
            }

            OriginConfiguration read = Read(name, origin);
            origins[name] = read with { Identity = OriginIdentity.Of(read, ReadIdentity(origin), isPassthrough) };
        }

        if (section.IsPresent && origins.Count == 0)
        {
            section.Refuse("at least one origin is needed");
        }

        return origins.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static OriginConfiguration Read(string name, Section section)
    {
        AddressingStyle addressing = section.Choice<AddressingStyle>("addressing");
        string region = section.Text("region")!;
        if (!Names.IsRegion(region))
        {
            section.Refuse("region", $"{ScalarCheck.Quote(region)} is not a region such as us-east-1");
        }

        return new OriginConfiguration
        {
            Name = name,
            Endpoints = ReadEndpoints(section, addressing),
            Region = region,
            Addressing = addressing,
            Credentials = ReadCredentials(section.Child("credentials")),
            VerifyETag = section.Choice<ETagVerification>("verifyETag"),
            UploadTrailers = section.Choice<UploadTrailers>("uploadTrailers"),
            Concurrency = ReadConcurrency(section.Child("concurrency")),
            Retry = ReadRetry(section.Child("retry")),
            Hedging = ReadHedging(section.Child("hedging")),
            Timeouts = ReadTimeouts(section.Child("timeouts")),
        };
    }

    private static string? ReadIdentity(Section section)
    {
        string? identity = section.Text("identity");
        if (identity is not null && !Names.IsOriginName(identity))
        {
            section.Refuse("identity", "is made of a-z, 0-9 and -, 1 to 63 characters");
        }

        return identity;
    }

    private static List<Uri> ReadEndpoints(Section section, AddressingStyle addressing)
    {
        List<Uri> endpoints = [];
        int given = 0;
        foreach (Setting setting in section.Values("endpoints"))
        {
            given++;
            Uri? endpoint = OriginEndpoint.TryParse(setting.Text!, out string? problem);
            problem ??= ProblemBeside(endpoints, endpoint!, addressing);
            if (problem is not null)
            {
                section.Context.Errors.Add(setting.Error(problem));
                continue;
            }

            endpoints.Add(endpoint!);
        }

        if ((given == 0 && section.IsEmptyList("endpoints")) || given > MaxEndpoints)
        {
            section.Refuse("endpoints", $"must hold 1 to {MaxEndpoints} endpoints");
        }

        return endpoints;
    }

    private static string? ProblemBeside(List<Uri> others, Uri endpoint, AddressingStyle addressing)
    {
        if (others.Contains(endpoint))
        {
            return "is given twice";
        }

        if (others.Count > 0 && others[0].Scheme != endpoint.Scheme)
        {
            return "must have the same scheme as the endpoints before it";
        }

        return addressing == AddressingStyle.Host && endpoint.HostNameType != UriHostNameType.Dns
            ? "must name its host, not an IP address, because addressing is host"
            : null;
    }

    private static OriginTimeouts ReadTimeouts(Section section) => new()
    {
        Connect = section.Duration("connect"),
        FirstByte = section.Duration("firstByte"),
        NoProgress = section.Duration("noProgress"),
        Total = section.Duration("total"),
    };

    private static OriginConcurrency ReadConcurrency(Section section)
    {
        OriginConcurrency concurrency = new()
        {
            Max = section.Integer("max"),
            Min = section.Has("min") ? section.Integer("min") : Math.Min(section.Integer("min"), section.Integer("max")),
            IsAdaptive = section.Flag("adaptive"),
            MaxWaiting = section.Integer("maxWaiting"),
            WaitLimit = section.Duration("waitLimit"),
        };
        if (concurrency.Min > concurrency.Max)
        {
            section.Refuse("min", $"must be at most concurrency.max, that is {concurrency.Max}");
        }

        return concurrency;
    }

    private static OriginRetry ReadRetry(Section section) => new()
    {
        MaxRepeats = section.Integer("maxRepeats"),
        BudgetShare = section.Share("budget"),
    };

    private static OriginHedging ReadHedging(Section section) => new()
    {
        IsEnabled = section.Flag("enabled"),
        MaxExtraShare = section.Share("maxExtra"),
    };

    private static OriginCredentials ReadCredentials(Section section)
    {
        string? secret = SecretReader.Read(section, "secretAccessKey");
        string? session = SecretReader.Read(section, "sessionToken");
        string? keyId = section.Text("accessKeyId");
        bool hasSecret = SecretReader.IsGiven(section, "secretAccessKey");
        bool hasKeys = section.Has("accessKeyId") || hasSecret || SecretReader.IsGiven(section, "sessionToken");
        if (section.Flag("anonymous"))
        {
            if (hasKeys)
            {
                section.Refuse("anonymous", "requests are either anonymous or signed with keys; remove one of the two");
            }

            return new OriginCredentials { Source = OriginCredentialsSource.Anonymous };
        }

        if (!hasKeys)
        {
            if (section.IsPresent && !section.Has("anonymous"))
            {
                section.Refuse("is empty; write accessKeyId and secretAccessKeyFile or anonymous: true, or remove the key to use the AWS SDK chain");
            }

            return new OriginCredentials { Source = OriginCredentialsSource.AwsChain };
        }

        CheckKeys(section, keyId, hasSecret);
        return new OriginCredentials { Source = OriginCredentialsSource.Static, AccessKeyId = keyId, SecretAccessKey = secret, SessionToken = session };
    }

    private static void CheckKeys(Section section, string? keyId, bool hasSecret)
    {
        if (!section.Has("accessKeyId"))
        {
            section.Refuse("accessKeyId", "is missing beside a secret");
        }
        else if (keyId is not null && !Names.IsAccessKeyId(keyId))
        {
            section.Refuse("accessKeyId", "is not an access key id: 1 to 128 printable ASCII characters but / , = ; &");
        }

        if (!hasSecret)
        {
            section.Refuse("secretAccessKey", "is missing; give secretAccessKeyFile, secretAccessKeyEnv or secretAccessKey");
        }
    }
}
