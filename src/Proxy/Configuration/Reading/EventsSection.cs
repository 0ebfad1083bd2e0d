using System.Collections.Frozen;
using S3Proxy.Configuration.Schema;

namespace S3Proxy.Configuration.Reading;

/// <summary>Reads <c>events</c>.</summary>
internal static class EventsSection
{
    private const int MaxPathLength = 256;

    /// <summary>What stands below belongs to warm-ups.</summary>
    private const string Warming = "/admin/warm/";

    private static readonly FrozenSet<string> Taken =
    [
        "/healthz", "/readyz", "/metrics",
        "/admin/stats", "/admin/explain", "/admin/overview", "/admin/flights", "/admin/config", "/admin/warm", "/admin/purge", "/admin/reload",
        "/dashboard.css", "/dashboard.js", "/actions.js", "/api.js", "/charts.js", "/format.js", "/tables.js",
    ];

    public static EventsConfiguration Read(Section section)
    {
        string path = section.Text("path")!;
        if (path is not ['/', _, ..] || path.Length > MaxPathLength || !path.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '.' or '_'))
        {
            section.Refuse("path", "must be a path such as /admin/events, of letters, digits and - . _ /");
        }
        else if (Taken.Contains(path) || path.StartsWith(Warming, StringComparison.Ordinal))
        {
            section.Refuse("path", "is another path of the admin port");
        }

        string? token = SecretReader.Read(section, "token");
        if (token is not null && !token.All(c => c is > ' ' and <= '~'))
        {
            section.Refuse("the token of events must be printable ASCII without spaces");
        }

        return new EventsConfiguration
        {
            Path = path,
            Token = string.IsNullOrEmpty(token) ? null : token,
            SnsTopics = section.Values("snsTopics").Where(setting => IsTopic(section, setting)).Select(setting => setting.Text!).ToFrozenSet(StringComparer.Ordinal),
        };
    }

    private static bool IsTopic(Section section, Setting setting)
    {
        if (setting.Text!.Split(':') is ["arn", "aws" or "aws-us-gov", "sns", { Length: > 0 } region, { Length: > 0 }, { Length: > 0 }] && region.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
        {
            return true;
        }

        section.Context.Errors.Add(setting.Error($"{ScalarCheck.Quote(setting.Text)} is not the ARN of a topic, such as arn:aws:sns:eu-central-1:123456789012:objects"));
        return false;
    }
}
