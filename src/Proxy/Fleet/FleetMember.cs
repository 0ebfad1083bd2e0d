namespace S3Proxy.Fleet;

/// <summary>A replica that has a lease, as Redis told. Immutable.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="Left">What was left of its lease.</param>
/// <param name="IsPutOut">True when it cannot renew it.</param>
internal readonly record struct FleetMember(string Replica, TimeSpan Left, bool IsPutOut);
