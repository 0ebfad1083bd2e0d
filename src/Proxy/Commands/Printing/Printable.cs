using System.Globalization;
using System.Text;

namespace S3Proxy.Commands.Printing;

/// <summary>Text from elsewhere, such as keys, so that it cannot move the cursor, colour the terminal or turn the direction of what stands around it.</summary>
internal static class Printable
{
    /// <summary>The text, with control characters and those that cannot be seen written as <c>\u{1b}</c>.</summary>
    public static string Of(string text)
    {
        StringBuilder? shown = null;
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsHidden(rune))
            {
                shown ??= new StringBuilder(text, 0, at, text.Length + 16);
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
            else if (shown is not null || (rune == Rune.ReplacementChar && text[at] != '\uFFFD'))
            {
                // Half of a pair of surrogates comes as the replacement character.
                shown ??= new StringBuilder(text, 0, at, text.Length + 16);
                shown.Append(rune);
            }

            at += rune.Utf16SequenceLength;
        }

        return shown?.ToString() ?? text;
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
