using System.Globalization;

namespace S3Proxy.Configuration.Schema;

/// <summary>Checks one value against its row of the table.</summary>
internal static class ScalarCheck
{
    private const int LongestEcho = 64;

    /// <summary>What is wrong with <paramref name="text"/>; null when nothing is. Never repeats a secret.</summary>
    public static string? Problem(ConfigurationKey key, string text) => key.Kind switch
    {
        ValueKind.Secret => text.Trim().Length == 0 ? "is empty" : HasStrayCharacters(text.Trim()) ? "holds a control character or broken Unicode" : null,
        ValueKind.Text or ValueKind.Url => HasStrayCharacters(text) ? "holds a control character or broken Unicode" : null,
        ValueKind.Choice => ChoiceProblem(key, text),
        ValueKind.Flag => FlagProblem(key, text),
        ValueKind.Integer => OrderedProblem(key, text, TryParseInteger, "a whole number"),
        ValueKind.Decimal => OrderedProblem(key, text, DecimalText.TryParse, "a number with at most nine decimals, such as 0.0004"),
        ValueKind.Size => OrderedProblem(key, text, ByteSize.TryParse, "a size; write bytes, or a whole number with KiB, MiB, GiB or TiB"),
        ValueKind.Share => OrderedProblem(key, text, ShareText.TryParse, "a share; write a whole number of percent, such as 10%"),
        ValueKind.Duration => OrderedProblem(key, text, TryParseTicks, "a duration; write whole numbers with d, h, m, s or ms, such as 1m30s"),
        _ => null,
    };

    /// <summary>A value for a message: in quotes, cut, without control characters. Not for secrets.</summary>
    public static string Quote(string text)
    {
        string cut = text.Length <= LongestEcho ? text : text[..LongestEcho] + "…";
        return $"'{string.Concat(cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? '?' : c))}'";
    }

    /// <summary>A whole number without a sign.</summary>
    public static bool TryParseInteger(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool TryParseTicks(string text, out long ticks)
    {
        bool isDuration = DurationText.TryParse(text, out TimeSpan duration);
        ticks = duration.Ticks;
        return isDuration;
    }

    private static bool HasStrayCharacters(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                i++;
            }
            else if (char.IsControl(text[i]) || char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static string? ChoiceProblem(ConfigurationKey key, string text)
    {
        if (key.Choices.Contains(text))
        {
            return null;
        }

        return $"{Quote(text)} is not one of {string.Join(", ", key.Choices)}{Spelling.Hint(text, key.Choices)}";
    }

    private static string? FlagProblem(ConfigurationKey key, string text) => text switch
    {
        "false" => null,
        "true" => key.IsNotAvailable ? "is not available yet; only false is accepted" : null,
        _ => $"{Quote(text)} is neither true nor false",
    };

    private static string? OrderedProblem(ConfigurationKey key, string text, TryParse parse, string what)
    {
        if (!parse(text, out long value))
        {
            return $"{Quote(text)} is not {what}";
        }

        if (key.IsNotAvailable)
        {
            return value == 0 ? null : "is not available yet; only 0s is accepted";
        }

        return key.Range is { } range && parse(range.Least, out long least) && parse(range.Most, out long most) && (value < least || value > most)
            ? $"{Quote(text)} is out of range; it must be {range.Least} to {range.Most}"
            : null;
    }

    private delegate bool TryParse(string text, out long value);
}
