namespace S3Proxy.Protocol;

/// <summary>
/// The value of an If-Match or If-None-Match header: <c>*</c> or a list of entity tags. Kept as text and matched without allocation.
/// </summary>
internal readonly record struct EntityTagCondition(string HeaderValue)
{
    /// <summary>
    /// True when the list names <paramref name="tag"/> or is <c>*</c>. A null tag (the object has none) matches <c>*</c> only.
    /// </summary>
    /// <param name="tag">The object's tag.</param>
    /// <param name="strong">Strong comparison (If-Match) or weak (If-None-Match): RFC 9110 sections 13.1.1 and 13.1.2.</param>
    public bool Matches(EntityTag? tag, bool strong)
    {
        ReadOnlySpan<char> rest = HeaderValue;
        if (rest.Trim(" \t") is "*")
        {
            return true;
        }

        if (tag is not { } own || (strong && own.IsWeak))
        {
            return false;
        }

        while (EntityTag.TryReadNext(ref rest, out ReadOnlySpan<char> opaque, out bool isWeak))
        {
            if (!(strong && isWeak) && opaque.SequenceEqual(own.Opaque))
            {
                return true;
            }
        }

        return false;
    }
}
