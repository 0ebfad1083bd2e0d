namespace S3Proxy.Telemetry;

/// <summary>The one spelling of roles.</summary>
internal static class FlightRoles
{
    /// <summary>The role as logs and traces tell it.</summary>
    public static string ToWire(this FlightRole role) => role switch
    {
        FlightRole.None => "none",
        FlightRole.Leader => "leader",
        FlightRole.Follower => "follower",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "The role has no spelling; add it to the table."),
    };
}
