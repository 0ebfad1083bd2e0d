using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace S3Proxy.ConformanceTests.Differential;

/// <summary>
/// The values that a server draws anew each time, of one side: bucket, upload ids, version ids, in the order in which they were first seen. Fills them into calls, and
/// puts their names into answers so that the two sides can be compared.
/// </summary>
internal sealed partial class OpaqueValues
{
    /// <summary>Longer bodies are data.</summary>
    private const int MaxTextBytes = 10_000;

    /// <summary>What is shorter was not drawn by the server.</summary>
    private const int MinDrawnLength = 16;

    private readonly List<KeyValuePair<string, string>> _values = [];

    public OpaqueValues(string bucket) => _values.Add(new("{bucket}", bucket));

    /// <summary>Gives a value a name.</summary>
    public void Name(string name, string value)
    {
        _values.RemoveAll(known => known.Key == name);
        _values.Add(new(name, value));
    }


    public S3Call Fill(S3Call call)
    {
        byte[]? body = call.Body is { Length: < MaxTextBytes } text && text.Contains((byte)'{') ? Encoding.Latin1.GetBytes(Fill(Encoding.Latin1.GetString(text))) : call.Body;
        return call with
        {
            Bucket = call.Bucket is null ? null : Fill(call.Bucket),
            Query = Fill(call.Query),
            Headers = [.. call.Headers.Select(field => new KeyValuePair<string, string>(field.Key, field.Value == S3Call.DigestOfBody ? Digest(body) : Fill(field.Value)))],
            Body = body,
        };
    }

    /// <summary>Takes in what an answer tells: version ids, upload ids, and as <c>{part1}</c> the ETag of a part.</summary>
    public void Learn(S3Call call, S3Answer answer)
    {
        if (call.Method == "PUT" && PartNumber().Match(call.Query) is { Success: true } part && PartTag().Match(Describe(answer)) is { Success: true } tag)
        {
            Name($"{{part{part.Groups[1].Value}}}", tag.Groups[1].Value);
        }

        string text = Describe(answer);
        foreach (Match match in Versions().Matches(text))
        {
            Add("version", match.Groups[1].Value);
        }

        foreach (Match match in Uploads().Matches(text))
        {
            Add("upload", match.Groups[1].Value);
        }
    }

    /// <summary>The text with names instead of values.</summary>
    public string Mask(string text)
    {
        foreach ((string name, string value) in _values)
        {
            text = text.Replace(value, name, StringComparison.Ordinal);
        }

        return text;
    }

    private string Fill(string text)
    {
        foreach ((string name, string value) in _values)
        {
            text = text.Replace(name, value, StringComparison.Ordinal);
        }

        return text;
    }

    private void Add(string kind, string value)
    {
        if (value.Length < MinDrawnLength || _values.Exists(known => known.Value == value))
        {
            return;
        }

        int number = _values.Count(known => known.Key.StartsWith("{" + kind, StringComparison.Ordinal)) + 1;
        _values.Add(new($"{{{kind}{number}}}", value));
    }

    private static string Digest(byte[]? body)
    {
#pragma warning disable CA5351 // Content-MD5 is the protocol's own.
        return Convert.ToBase64String(MD5.HashData(body ?? []));
#pragma warning restore CA5351
    }

    private static string Describe(S3Answer answer) =>
        string.Concat(answer.Headers.Select(field => $"{field.Key}: {field.Value}\n")) + (answer.IsXml ? answer.Text : "");

    [GeneratedRegex(@"(?:x-amz-version-id: |<VersionId>|<DeleteMarkerVersionId>|<NextVersionIdMarker>)([^\n<]*)")]
    private static partial Regex Versions();

    [GeneratedRegex(@"^partNumber=(\d+)&")]
    private static partial Regex PartNumber();

    [GeneratedRegex("(?:ETag: |<ETag>)(?:\"|&quot;)([0-9a-f]{32})")]
    private static partial Regex PartTag();

    [GeneratedRegex("<UploadId>([^<]*)<")]
    private static partial Regex Uploads();
}
