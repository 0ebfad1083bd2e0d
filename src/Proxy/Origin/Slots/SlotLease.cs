namespace S3Proxy.Origin.Slots;

/// <summary>A slot taken. Disposing gives it back, once however often it is called.</summary>
internal sealed class SlotLease(OriginSlots slots) : IDisposable
{
    private OriginSlots? _slots = slots;

    public void Dispose() => Interlocked.Exchange(ref _slots, null)?.Release();
}
