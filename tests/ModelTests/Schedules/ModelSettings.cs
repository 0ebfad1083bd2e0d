using System.Globalization;
using System.Security.Cryptography;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>How many schedules are run and from which seed, by environment variables.</summary>
/// <param name="Schedules"><c>S3PROXY_MODEL_SCHEDULES</c>; 100,000 by default.</param>
/// <param name="BaseSeed"><c>S3PROXY_MODEL_SEED</c>, hexadecimal; random by default.</param>
/// <param name="Only"><c>S3PROXY_MODEL_ONLY</c>, hexadecimal: the seed of the one schedule to run, as a failure prints it.</param>
internal sealed record ModelSettings(int Schedules, ulong BaseSeed, ulong? Only)
{
    private const int DefaultSchedules = 100_000;

    public static ModelSettings FromEnvironment()
    {
        string? schedules = Environment.GetEnvironmentVariable("S3PROXY_MODEL_SCHEDULES");
        return new ModelSettings(
            string.IsNullOrEmpty(schedules) ? DefaultSchedules : int.Parse(schedules, NumberStyles.None, CultureInfo.InvariantCulture),
            Seed("S3PROXY_MODEL_SEED") ?? BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))),
            Seed("S3PROXY_MODEL_ONLY"));
    }

    private static ulong? Seed(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : null;
}
