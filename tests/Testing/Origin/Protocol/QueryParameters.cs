namespace S3Proxy.Testing.Origin.Protocol;

/// <summary>The decoded query of a request, in the order sent. Immutable.</summary>
internal sealed class QueryParameters
{
    private QueryParameters(IReadOnlyList<KeyValuePair<string, string>> all) => All = all;

    public static QueryParameters None { get; } = new([]);

    public IReadOnlyList<KeyValuePair<string, string>> All { get; }

    /// <summary>The first value of that name, null when there is none; empty for a name without a value.</summary>
    public string? this[string name]
    {
        get
        {
            foreach (KeyValuePair<string, string> parameter in All)
            {
                if (parameter.Key == name)
                {
                    return parameter.Value;
                }
            }

            return null;
        }
    }

    public bool Has(string name) => this[name] is not null;

    /// <summary>Parses what follows the question mark. False for a bad escape.</summary>
    public static bool TryParse(ReadOnlySpan<char> raw, out QueryParameters query)
    {
        query = None;
        List<KeyValuePair<string, string>> all = [];
        foreach (Range range in raw.Split('&'))
        {
            ReadOnlySpan<char> pair = raw[range];
            int equals = pair.IndexOf('=');
            ReadOnlySpan<char> rawName = equals < 0 ? pair : pair[..equals];
            ReadOnlySpan<char> rawValue = equals < 0 ? [] : pair[(equals + 1)..];
            if (!PercentEncoding.TryDecode(rawName, plusIsSpace: true, out string? name)
                || !PercentEncoding.TryDecode(rawValue, plusIsSpace: true, out string? value))
            {
                return false;
            }

            if (!pair.IsEmpty)
            {
                all.Add(new KeyValuePair<string, string>(name, value));
            }
        }

        query = new QueryParameters(all);
        return true;
    }
}
