using System.Runtime;
using System.Runtime.InteropServices;

namespace S3Proxy.Reporting;

/// <summary>The machine that figures come from, for people.</summary>
public static class Machine
{
    /// <summary>Processors, system, runtime and the load average of now.</summary>
    public static string Describe() =>
        $"{Environment.ProcessorCount} CPUs ({Model()}), {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
        + $"{(GCSettings.IsServerGC ? "server" : "workstation")} GC, load average {LoadAverage()} at the end";

    /// <summary>The load average of the last minute; "?" where the system does not tell.</summary>
    public static string LoadAverage() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";

    private static string Model() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "?"
        : "?";
}
