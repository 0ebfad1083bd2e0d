using System.Collections.Frozen;
using S3Proxy.Configuration.Schema;
using S3Proxy.Configuration.Yaml;
using S3Proxy.Protocol;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>auth</c>.</summary>
internal static class AuthSection
{
    public static AuthConfiguration Read(Section section)
    {
        Dictionary<string, ClientKey> keys = new(StringComparer.Ordinal);
        Dictionary<string, Place> places = new(StringComparer.Ordinal);
        bool hasKeys = false;
        foreach (Section item in section.Items("keys"))
        {
            hasKeys = true;
            ClientKey key = ReadKey(item);
            Place place = item.Setting("accessKeyId").Place;
            if (key.AccessKeyId.Length > 0 && !places.TryAdd(key.AccessKeyId, place))
            {
                Place first = places[key.AccessKeyId];
                item.Refuse("accessKeyId", $"is given twice, first {(first.Variable is null ? $"in line {first.Line}" : $"by {first.Variable}")}");
            }

            keys[key.AccessKeyId] = key;
        }

        CheckMode(section, hasKeys);
        return new AuthConfiguration
        {
            Mode = section.Choice<AuthMode>("mode"),
            Keys = keys.ToFrozenDictionary(StringComparer.Ordinal),
            ClockSkew = section.Duration("clockSkew"),
            AuthorisationTtl = section.Duration("authorisationTtl"),
        };
    }

    private static void CheckMode(Section section, bool hasKeys)
    {
        string? mode = section.Setting("mode").Text;
        if (mode == "sigv4" && !hasKeys)
        {
            section.Refuse("keys", "mode sigv4 needs at least one key, or no client can get in");
        }
        else if (mode == "anonymous" && hasKeys)
        {
            section.Refuse("keys", "mode anonymous asks for no keys; remove them or choose sigv4");
        }
        else if (mode == "passthrough" && hasKeys)
        {
            section.Refuse("keys", "mode passthrough leaves keys to the origin; remove them or choose sigv4");
        }
        else if (mode is "sigv4" or "anonymous" && section.Has("authorisationTtl"))
        {
            section.Refuse("authorisationTtl", "has a meaning only with mode passthrough");
        }
    }

    private static ClientKey ReadKey(Section section)
    {
        string? id = section.Text("accessKeyId");
        if (id is not null && !Names.IsAccessKeyId(id))
        {
            section.Refuse("accessKeyId", "is not an access key id: 1 to 128 printable ASCII characters but / , = ; &");
        }

        string? secret = SecretReader.Read(section, "secretAccessKey");
        if (section.IsPresent && !SecretReader.IsGiven(section, "secretAccessKey"))
        {
            section.Refuse("secretAccessKey", "is missing; give secretAccessKeyFile, secretAccessKeyEnv or secretAccessKey");
        }

        List<Grant> grants = [.. section.Items("grants").Select(ReadGrant)];
        if (section.IsEmptyList("grants"))
        {
            section.Refuse("grants", "is empty: say what the key may do");
        }

        return new ClientKey { AccessKeyId = id ?? "", SecretAccessKey = secret ?? "", Grants = grants };
    }

    private static Grant ReadGrant(Section section)
    {
        string bucket = section.Text("bucket") ?? "";
        if (bucket.Length > 0 && bucket != "*" && !BucketName.TryParse(bucket, out _))
        {
            section.Refuse("bucket", $"{ScalarCheck.Quote(bucket)} is neither a bucket name nor \"*\"");
        }

        S3Actions actions = section.Choices<S3Actions>("actions");
        if (section.IsEmptyList("actions"))
        {
            section.Refuse("actions", "is empty: write some of read, list, write, delete");
        }

        return new Grant { Bucket = bucket, Prefix = section.Text("prefix")!, Actions = actions };
    }
}
