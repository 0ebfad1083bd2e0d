using System.Globalization;

namespace S3Proxy.Configuration.Schema;

/// <summary>Reads durations: <c>0</c>, or whole numbers with the units <c>d h m s ms</c> from large to small, each once: <c>1m30s</c>, <c>500ms</c>.</summary>
internal static class DurationText
{
    private const long MostMilliseconds = 10_000L * 86_400_000;

    private static readonly (string Unit, long Milliseconds)[] Units = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>False for anything else, also when a part exceeds 10,000 days.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text == "0")
        {
            return true;
        }

        int next = 0;
        int firstUnit = 0;
        while (next < text.Length)
        {
            int digits = RunEnd(text, next, char.IsAsciiDigit);
            int end = RunEnd(text, digits, char.IsAsciiLetter);
            int unit = Array.FindIndex(Units, candidate => text.AsSpan(digits, end - digits).SequenceEqual(candidate.Unit));
            if (unit < firstUnit
                || !int.TryParse(text.AsSpan(next, digits - next), NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                || count * (Int128)Units[unit].Milliseconds > MostMilliseconds)
            {
                duration = TimeSpan.Zero;
                return false;
            }

            duration += TimeSpan.FromMilliseconds(count * Units[unit].Milliseconds);
            firstUnit = unit + 1;
            next = end;
        }

        return text.Length > 0;
    }

    private static int RunEnd(string text, int start, Func<char, bool> belongs)
    {
        int end = start;
        while (end < text.Length && belongs(text[end]))
        {
            end++;
        }

        return end;
    }
}
