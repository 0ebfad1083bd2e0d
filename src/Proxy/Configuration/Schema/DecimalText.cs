using System.Globalization;

namespace S3Proxy.Configuration.Schema;

/// <summary>Reads numbers with a decimal point, such as <c>0.0004</c>: at most nine digits behind it.</summary>
internal static class DecimalText
{
    private const int MostDecimals = 9;
    private const decimal Billionths = 1_000_000_000;

    /// <summary>False for anything else. <paramref name="billionths"/> is the exact value.</summary>
    public static bool TryParse(string text, out long billionths)
    {
        billionths = 0;
        int point = text.IndexOf('.', StringComparison.Ordinal);
        if ((point >= 0 && text.Length - point - 1 > MostDecimals) || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            || value > long.MaxValue / Billionths)
        {
            return false;
        }

        billionths = (long)(value * Billionths);
        return true;
    }

    /// <summary>The number as it is calculated with.</summary>
    public static double ToNumber(long billionths) => (double)(billionths / Billionths);
}
