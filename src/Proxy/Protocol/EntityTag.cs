namespace S3Proxy.Protocol;

/// <summary>
/// An entity tag (RFC 9110 section 8.8.3). Its text form always has quotes; a tag that came without them is taken as if it had them, as S3
/// does.
/// </summary>
internal readonly record struct EntityTag
{
    private EntityTag(string opaque, bool isWeak)
    {
        Opaque = opaque;
        IsWeak = isWeak;
    }

    /// <summary>The text between the quotes.</summary>
    public string Opaque { get; }

    public bool IsWeak { get; }

    /// <summary>False when <paramref name="text"/> is not one entity tag.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out EntityTag tag)
    {
        ReadOnlySpan<char> rest = text;
        bool isOneTag = TryReadNext(ref rest, out ReadOnlySpan<char> opaque, out bool isWeak) && rest.IsEmpty;
        bool isBareStar = opaque is "*" && !text.Contains('"');
        if (isOneTag && !isBareStar)
        {
            tag = new EntityTag(opaque.ToString(), isWeak);
            return true;
        }

        tag = default;
        return false;
    }

    /// <summary>Strong comparison: the same tag, neither of them weak (RFC 9110 section 8.8.3.2).</summary>
    public bool StrongEquals(EntityTag other) => !IsWeak && !other.IsWeak && string.Equals(Opaque, other.Opaque, StringComparison.Ordinal);

    /// <summary>Weak comparison: the same tag, weak or not.</summary>
    public bool WeakEquals(EntityTag other) => string.Equals(Opaque, other.Opaque, StringComparison.Ordinal);

    public override string ToString() => IsWeak ? $"W/\"{Opaque}\"" : $"\"{Opaque}\"";

    /// <summary>
    /// Takes one element off a comma-separated list. Commas within quotes belong to the tag; empty elements are skipped. False at the end
    /// and at an element that is not a tag, after which the rest of the list is not to be trusted.
    /// </summary>
    public static bool TryReadNext(ref ReadOnlySpan<char> list, out ReadOnlySpan<char> opaque, out bool isWeak)
    {
        opaque = default;
        isWeak = false;
        ReadOnlySpan<char> rest = list.TrimStart(" \t,");
        list = default;
        if (rest.IsEmpty)
        {
            return false;
        }

        if (rest.StartsWith("W/\"", StringComparison.Ordinal))
        {
            isWeak = true;
            rest = rest[2..];
        }

        if (rest[0] != '"')
        {
            int comma = rest.IndexOf(',');
            opaque = (comma < 0 ? rest : rest[..comma]).TrimEnd(" \t");
            list = comma < 0 ? default : rest[comma..];
            return !opaque.ContainsAny('"', ' ', '\t');
        }

        int close = rest[1..].IndexOf('"');
        if (close < 0)
        {
            return false;
        }

        opaque = rest.Slice(1, close);
        rest = rest[(close + 2)..].TrimStart(" \t");
        if (!rest.IsEmpty && rest[0] != ',')
        {
            return false;
        }

        list = rest;
        return true;
    }
}
