using S3Proxy.Fetching;

namespace S3Proxy.Origin.Slots;

/// <summary>A request that waits for its turn. The lock of its <see cref="OriginSlots"/> protects it.</summary>
internal sealed class SlotWaiter(Requester requester) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public string Client { get; } = requester.Client;

    public FetchClass Class { get; } = requester.Class;

    /// <summary>Where it stands in its client's line; null when it stands in none.</summary>
    public LinkedListNode<SlotWaiter>? Place { get; set; }
}
