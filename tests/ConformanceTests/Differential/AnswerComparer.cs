using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>Compares two answers: status, every header but those of the connection, the moment and the proxy's own reports, and the body, XML by its elements.</summary>
internal static partial class AnswerComparer
{
    private const string None = "(none)";

    /// <summary>Longer bodies are data.</summary>
    private const int MaxTextBytes = 10_000;

    private static readonly HashSet<string> NotOfTheAnswer = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "x-amz-request-id", "x-amz-id-2", "Connection", "Keep-Alive", "Transfer-Encoding", "Server", "x-cache", "x-cache-tier", "Cache-Status",
    };

    private static readonly HashSet<string> OfTheMoment = ["RequestId", "HostId"];

    /// <summary>All differences.</summary>
    /// <param name="direct">The server's answer.</param>
    /// <param name="proxied">The proxy's.</param>
    /// <param name="ofDirect">Values the direct side has of its own.</param>
    /// <param name="ofProxied">Values the proxied side has of its own.</param>
    /// <param name="masksTimes">True when both sides hold objects of their own, made at different moments.</param>
    public static List<AnswerDifference> Compare(S3Answer direct, S3Answer proxied, OpaqueValues ofDirect, OpaqueValues ofProxied, bool masksTimes)
    {
        List<AnswerDifference> differences = [];
        Add(differences, "status", Number(direct.Status), Number(proxied.Status));
        bool areXml = direct.IsXml && proxied.IsXml;
        foreach (string name in direct.Headers.Keys.Union(proxied.Headers.Keys, StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase))
        {
            // Request ids have a length, too.
            if (!NotOfTheAnswer.Contains(name) && !(areXml && name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)))
            {
                Add(differences, $"header {name.ToLowerInvariant()}", Mask(direct.Headers.GetValueOrDefault(name), ofDirect, masksTimes), Mask(proxied.Headers.GetValueOrDefault(name), ofProxied, masksTimes));
            }
        }

        if (areXml && TryParse(direct, ofDirect, masksTimes) is { } expected && TryParse(proxied, ofProxied, masksTimes) is { } actual)
        {
            CompareXml(differences, expected, actual);
        }
        else if (!direct.Body.AsSpan().SequenceEqual(proxied.Body) && (direct.Body.Length > MaxTextBytes || Mask(direct.Text, ofDirect, masksTimes) != Mask(proxied.Text, ofProxied, masksTimes)))
        {
            differences.Add(new AnswerDifference("body", Describe(direct), Describe(proxied)));
        }

        return differences;
    }

    private static void CompareXml(List<AnswerDifference> differences, XElement direct, XElement proxied)
    {
        Add(differences, "xml root", direct.Name.ToString(), proxied.Name.ToString());
        foreach (string name in direct.Elements().Concat(proxied.Elements()).Select(element => element.Name.LocalName).Distinct())
        {
            if (!OfTheMoment.Contains(name))
            {
                Add(differences, $"xml {name}", Children(direct, name), Children(proxied, name));
            }
        }
    }

    private static string Children(XElement parent, string name)
    {
        var children = parent.Elements().Where(child => child.Name.LocalName == name).Select(child => child.ToString(SaveOptions.DisableFormatting));
        // The only document whose order is open: Ceph deletes in an order of its own.
        string text = string.Concat(parent.Name.LocalName == "DeleteResult" ? children.Order(StringComparer.Ordinal) : children);
        return text.Length == 0 ? None : text;
    }

    private static XElement? TryParse(S3Answer answer, OpaqueValues values, bool masksTimes)
    {
        try
        {
            return XElement.Parse(Mask(answer.Text, values, masksTimes));
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string Mask(string? text, OpaqueValues values, bool masksTimes)
    {
        if (text is null)
        {
            return None;
        }

        string masked = values.Mask(text);
        return masksTimes ? HttpTimes().Replace(IsoTimes().Replace(masked, "{time}"), "{time}") : masked;
    }

    private static void Add(List<AnswerDifference> differences, string field, string direct, string proxied)
    {
        if (direct != proxied)
        {
            differences.Add(new AnswerDifference(field, direct, proxied));
        }
    }

    private static string Describe(S3Answer answer) => answer.Body.Length == 0 ? None : answer.Body.Length <= 300 ? answer.Text : $"{answer.Body.Length} bytes";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")]
    private static partial Regex IsoTimes();

    [GeneratedRegex(@"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")]
    private static partial Regex HttpTimes();
}
