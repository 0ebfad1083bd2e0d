namespace S3Proxy.Protocol;

/// <summary>
/// The query of a request in the order it was sent: decoded names and values. Names compare by ordinal, as S3 does.
/// </summary>
internal sealed class S3Query(IReadOnlyList<KeyValuePair<string, string>> items)
{
    public static S3Query Empty { get; } = new([]);

    public IReadOnlyList<KeyValuePair<string, string>> Items { get; } = items;

    public bool Has(string name) => Find(name) is not null;

    /// <summary>The first value of <paramref name="name"/>; empty for a name without a value; null when absent.</summary>
    public string? Find(string name)
    {
        foreach ((string key, string value) in Items)
        {
            if (string.Equals(key, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }
}
