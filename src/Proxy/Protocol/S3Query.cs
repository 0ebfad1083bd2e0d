namespace S3Proxy.Protocol;

/// <summary>
/// The query of a request in the order it was sent: decoded names and values. Names compare by ordinal, as S3 does.
/// </summary>
internal sealed class S3Query(IReadOnlyList<KeyValuePair<string, string>> items)
{
    /// <summary>Bound on the number of parameters of one request.</summary>
    public const int MaxItems = 100;

    private static readonly S3Error EncodingError =
        new(S3ErrorCode.InvalidURI, "Couldn't parse the specified URI: the query holds a broken percent-escape or is not UTF-8.");

    private static readonly S3Error RepeatedError = new(S3ErrorCode.InvalidArgument, "A query parameter may be given only once.");

    public static S3Query Empty { get; } = new([]);

    public IReadOnlyList<KeyValuePair<string, string>> Items { get; } = items;

    public bool Has(string name) => Find(name) is not null;

    /// <summary>The first value of <paramref name="name"/>; empty for a name without a value; null when absent.</summary>
    public string? Find(string name)
    {
        // Indexed on purpose: a foreach over the interface allocates an enumerator on the hit path.
        for (int i = 0; i < Items.Count; i++)
        {
            if (string.Equals(Items[i].Key, name, StringComparison.Ordinal))
            {
                return Items[i].Value;
            }
        }

        return null;
    }

    /// <summary>
    /// Decodes the part of a request target after the <c>?</c>. Names need no value, empty pieces are skipped, <c>+</c> is a space.
    /// Null, with the reason, when an escape or its UTF-8 is broken, when there are more than <see cref="MaxItems"/> parameters, or when a
    /// name comes twice: which of the two counts would be the origin's choice, and a grant may have been checked against the other.
    /// </summary>
    public static S3Query? TryParse(ReadOnlySpan<char> text, out S3Error? error)
    {
        error = null;
        var items = new List<KeyValuePair<string, string>>();
        foreach (Range range in text.Split('&'))
        {
            ReadOnlySpan<char> piece = text[range];
            if (piece.IsEmpty)
            {
                continue;
            }

            int equals = piece.IndexOf('=');
            ReadOnlySpan<char> rawName = equals < 0 ? piece : piece[..equals];
            ReadOnlySpan<char> rawValue = equals < 0 ? default : piece[(equals + 1)..];
            if (!S3Uri.TryDecode(rawName, plusIsSpace: true, out string? name)
                || !S3Uri.TryDecode(rawValue, plusIsSpace: true, out string? value))
            {
                error = EncodingError;
                return null;
            }

            if (items.Count == MaxItems)
            {
                error = new S3Error(S3ErrorCode.InvalidArgument, $"A request may carry at most {MaxItems} query parameters.");
                return null;
            }

            if (Contains(items, name))
            {
                error = RepeatedError with { Details = [new("ArgumentName", name)] };
                return null;
            }

            items.Add(new(name, value));
        }

        return items.Count == 0 ? Empty : new S3Query(items);
    }

    private static bool Contains(List<KeyValuePair<string, string>> items, string name)
    {
        foreach ((string key, _) in items)
        {
            if (string.Equals(key, name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
