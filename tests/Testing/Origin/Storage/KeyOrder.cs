namespace S3Proxy.Testing.Origin.Storage;

/// <summary>
/// The order of S3 listings: that of the UTF-8 bytes (ListObjectsV2, "UTF-8 binary order"). It differs from UTF-16 order only where a surrogate
/// meets a character from U+E000 on.
/// </summary>
internal sealed class KeyOrder : IComparer<string>
{
    public static KeyOrder Instance { get; } = new();

    public int Compare(string? x, string? y)
    {
        ReadOnlySpan<char> left = x;
        ReadOnlySpan<char> right = y;
        int common = left.CommonPrefixLength(right);
        return common == left.Length || common == right.Length
            ? left.Length.CompareTo(right.Length)
            : Rank(left[common]).CompareTo(Rank(right[common]));
    }

    private static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
}
