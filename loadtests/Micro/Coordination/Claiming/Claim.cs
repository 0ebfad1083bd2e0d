using S3Proxy.Coalescing;

namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>What a thread was told when it claimed a key.</summary>
/// <param name="Generation">Identifies the one claim of the key that is under way; compared by reference.</param>
/// <param name="IsLeader">The thread made the generation.</param>
/// <param name="Guard">Of the product's coalescer only.</param>
internal readonly record struct Claim(object Generation, bool IsLeader, CoalescingGuard<string, int> Guard = default);
