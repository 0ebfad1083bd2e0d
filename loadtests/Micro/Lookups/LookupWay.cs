namespace S3Proxy.Micro.Lookups;

/// <summary>A way to look something up in Redis.</summary>
/// <param name="Name">For tables.</param>
/// <param name="LookAsync">Looks up one of the objects; false when it is not what was put there.</param>
internal sealed record LookupWay(string Name, Func<int, ValueTask<bool>> LookAsync);
