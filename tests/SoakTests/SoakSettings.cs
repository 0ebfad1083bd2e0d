using System.Globalization;

namespace S3Proxy.SoakTests;

/// <summary>Seed and length of a run. Immutable.</summary>
/// <param name="Seed">Decides the objects, the faults and what every client does. Variable <c>S3PROXY_SOAK_SEED</c>; default random.</param>
/// <param name="Duration">How long new requests are begun. Variable <c>S3PROXY_SOAK_SECONDS</c>, 1 to 86,400; default 60.</param>
internal sealed record SoakSettings(int Seed, TimeSpan Duration)
{
    private const string SeedVariable = "S3PROXY_SOAK_SEED";
    private const string SecondsVariable = "S3PROXY_SOAK_SECONDS";

    /// <exception cref="FormatException">A variable is no whole number in its range; the message names it.</exception>
    public static SoakSettings FromEnvironment() => new(
        Read(SeedVariable, 0, int.MaxValue) ?? Random.Shared.Next(),
        TimeSpan.FromSeconds(Read(SecondsVariable, 1, 86_400) ?? 60));

    private static int? Read(string variable, int least, int most)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{variable} is '{text}'; write a whole number from {least} to {most}."));
    }
}
