namespace S3Proxy.Demo.Peers.Memory;

/// <summary>One comparison with the same memory for all. Immutable.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="TargetBytes">Memory that a server takes at most, in fact.</param>
/// <param name="FillRequests">Requests before it is measured.</param>
/// <param name="Load">What is asked.</param>
internal sealed record MemoryCell(string Name, long TargetBytes, int FillRequests, ZipfLoad Load);
