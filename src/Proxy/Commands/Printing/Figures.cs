using System.Globalization;

namespace S3Proxy.Commands.Printing;

/// <summary>Numbers for people, the same everywhere.</summary>
internal static class Figures
{
    /// <summary>What stands where there is nothing to tell.</summary>
    public const string None = "-";

    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary><c>1,234</c>.</summary>
    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>12.3 MiB</c>.</summary>
    public static string Bytes(double bytes)
    {
        int unit = 0;
        while (bytes >= 1024 && unit < Units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return bytes.ToString(unit == 0 ? "N0" : bytes < 10 ? "N2" : "N1", CultureInfo.InvariantCulture) + " " + Units[unit];
    }

    /// <summary><c>12.3 MiB/s</c>.</summary>
    public static string Rate(double bytes, TimeSpan during) => during > TimeSpan.Zero ? Bytes(bytes / during.TotalSeconds) + "/s" : None;

    /// <summary><c>97.5 %</c>; nothing for null.</summary>
    public static string Share(double? share) => share is { } known ? (known * 100).ToString("N1", CultureInfo.InvariantCulture) + " %" : None;

    /// <summary><c>412 ms</c>, <c>3.2 s</c>, <c>2 h 5 min</c>; nothing for null.</summary>
    public static string Seconds(double? seconds) => seconds switch
    {
        null => None,
        < 0.001 => (seconds.Value * 1e6).ToString("N0", CultureInfo.InvariantCulture) + " µs",
        < 0.01 => (seconds.Value * 1e3).ToString("N2", CultureInfo.InvariantCulture) + " ms",
        < 1 => (seconds.Value * 1e3).ToString("N0", CultureInfo.InvariantCulture) + " ms",
        < 120 => seconds.Value.ToString("0.#", CultureInfo.InvariantCulture) + " s",
        < 7200 => (seconds.Value / 60).ToString("N0", CultureInfo.InvariantCulture) + " min",
        < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds.Value / 3600)} h {(int)(seconds.Value % 3600 / 60)} min"),
        _ => (seconds.Value / 86_400).ToString("N0", CultureInfo.InvariantCulture) + " days",
    };
}
