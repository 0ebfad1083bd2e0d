namespace S3Proxy.Demo.Peers.Memory;

/// <summary>The memory that a kind of server takes at most, about: where the search for a budget begins, and by which it goes on. Immutable.</summary>
/// <param name="FixedBytes">Whatever its budget.</param>
/// <param name="PerBudgetByte">More for each byte of its budget.</param>
internal sealed record MemoryCost(long FixedBytes, double PerBudgetByte);
