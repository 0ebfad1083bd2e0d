namespace S3Proxy.Testing.Origin.Storage;

/// <summary>A page of a listing.</summary>
/// <param name="Objects">In key order.</param>
/// <param name="CommonPrefixes">In order, each once.</param>
/// <param name="IsTruncated">Whether more would follow.</param>
/// <param name="Last">The last key or common prefix of the page: the marker for the next; null on an empty page.</param>
internal sealed record ListPage(IReadOnlyList<StoredObject> Objects, IReadOnlyList<string> CommonPrefixes, bool IsTruncated, string? Last)
{
    public static ListPage Empty { get; } = new([], [], false, null);

    /// <summary>Takes from <paramref name="candidates"/> (in order, after the marker, with the prefix) until the page is full.</summary>
    public static ListPage Collect(IEnumerable<StoredObject> candidates, ListQuery query)
    {
        List<StoredObject> objects = [];
        List<string> prefixes = [];
        string? last = null;
        foreach (StoredObject candidate in candidates)
        {
            string? rolledUp = RollUp(candidate.Key, query);
            if (rolledUp is not null && (rolledUp == last || rolledUp == query.Marker))
            {
                continue;
            }

            if (objects.Count + prefixes.Count >= query.MaxKeys)
            {
                // S3 says IsTruncated=false for max-keys=0, as there would be no marker to go on from.
                return new ListPage(objects, prefixes, query.MaxKeys > 0, last);
            }

            if (rolledUp is null)
            {
                objects.Add(candidate);
            }
            else
            {
                prefixes.Add(rolledUp);
            }

            last = rolledUp ?? candidate.Key;
        }

        return new ListPage(objects, prefixes, false, last);
    }

    private static string? RollUp(string key, ListQuery query)
    {
        if (query.Delimiter.Length == 0)
        {
            return null;
        }

        int at = key.IndexOf(query.Delimiter, query.Prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + query.Delimiter.Length)];
    }
}
