using System.Globalization;

namespace S3Proxy.FleetTests;

/// <summary>Seed and length of the runs, by environment variables. Immutable.</summary>
/// <param name="Seed"><c>S3PROXY_FLEET_SEED</c>: decides which objects are asked for, of whom, and when something breaks. Random by default.</param>
/// <param name="IsLong"><c>S3PROXY_FLEET_LONG=1</c>: faults and waits last as long as the requirements say, and not just long enough to see them.</param>
internal sealed record FleetSettings(int Seed, bool IsLong)
{
    public static FleetSettings FromEnvironment()
    {
        string? seed = Environment.GetEnvironmentVariable("S3PROXY_FLEET_SEED");
        return new FleetSettings(
            string.IsNullOrEmpty(seed) ? Random.Shared.Next() : int.Parse(seed, NumberStyles.None, CultureInfo.InvariantCulture),
            Environment.GetEnvironmentVariable("S3PROXY_FLEET_LONG") == "1");
    }
}
