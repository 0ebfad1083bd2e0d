using System.Text;

namespace S3Proxy.Testing;

/// <summary>
/// Object keys of the sort that break encoders: what looks like an escape, plus signs, empty and dotted segments, delimiters of a URL, controls, every plane of
/// Unicode. The same seed gives the same keys. Not thread-safe.
/// </summary>
public sealed class RandomKeys(int seed)
{
    private const int MaxBytes = 1024;

    private static readonly string[] Pieces =
    [
        "a", "Z", "0", "-", "_", "~", ".", "..", "/", "//", "/./", "/../", "+", "++", " ", "  ", "%", "%%", "%2F", "%2f", "%25", "%252F", "%zz", "%4", "%C3%A9", "%c3",
        "?", "#", "&", "=", ":", ";", ",", "@", "$", "!", "*", "'", "(", ")", "[", "]", "{", "}", "|", "^", "`", "\"", "<", ">", "\\", "\t", "\u0001", "\u007f", "\u0085", "\u00a0",
        "é", "e\u0301", "ß", "日本", "\u200d", "\ufeff", "\ufffd", "😀", "𝒳", "?versionId=1", "index.html",
    ];

    private readonly Random _random = new(seed);

    /// <summary>The next key: 1 to 1,024 bytes of UTF-8, without a slash at its front, which some clients take off.</summary>
    public string Next()
    {
        StringBuilder key = new();
        int pieces = _random.Next(20) == 0 ? _random.Next(1, 400) : _random.Next(1, 12);
        for (int i = 0; i < pieces; i++)
        {
            Append(key);
        }

        string text = key.ToString().TrimStart('/');
        while (Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            text = text[..^(char.IsLowSurrogate(text[^1]) ? 2 : 1)];
        }

        return text.Length == 0 ? Next() : text;
    }

    private void Append(StringBuilder key)
    {
        switch (_random.Next(8))
        {
            case 0:
                Rune rune;
                while (!Rune.TryCreate(_random.Next(1, _random.Next(4) == 0 ? 0x110000 : 0x3000), out rune))
                {
                }

                key.Append(rune);
                break;
            case 1:
                key.Append('%').Append(_random.Next(256).ToString(_random.Next(2) == 0 ? "x2" : "X2", System.Globalization.CultureInfo.InvariantCulture));
                break;
            default:
                key.Append(Pieces[_random.Next(Pieces.Length)]);
                break;
        }
    }
}
