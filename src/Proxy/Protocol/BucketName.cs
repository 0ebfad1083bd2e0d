using System.Diagnostics.CodeAnalysis;

namespace S3Proxy.Protocol;

/// <summary>
/// A bucket name that is safe to put into a path or a host name: 3 to 63 characters of <c>a-z A-Z 0-9 . - _</c>, no <c>..</c>,
/// beginning and ending with a letter or digit. A little wider than the rule for new buckets (S3 User Guide, "Bucket naming rules"), for old ones.
/// </summary>
internal readonly record struct BucketName
{
    private const int MinLength = 3;
    private const int MaxLength = 63;

    private BucketName(string value) => Value = value;

    public string Value { get; }

    /// <summary>False when <paramref name="text"/> is not a bucket name.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out BucketName name)
    {
        name = default;
        if (text is null || text.Length is < MinLength or > MaxLength || text.Contains("..", StringComparison.Ordinal)
            || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_'))
            {
                return false;
            }
        }

        name = new BucketName(text);
        return true;
    }

    public override string ToString() => Value;
}
