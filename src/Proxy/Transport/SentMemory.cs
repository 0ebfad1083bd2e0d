using System.Buffers;

namespace S3Proxy.Transport;

/// <summary>
/// Stands for bytes that are sent already, where the framework wants memory to count. It has a length and nothing else: reading or writing it is an
/// error, so that no page of the cache can be reached through it.
/// </summary>
internal sealed class SentMemory : MemoryManager<byte>
{
    private static readonly SentMemory Instance = new();

    private SentMemory()
    {
    }

    /// <summary>Memory of <paramref name="bytes"/> that nobody can touch.</summary>
    public static Memory<byte> Of(int bytes) => Instance.CreateMemory(bytes);

    /// <summary>True for memory that <see cref="Of"/> made.</summary>
    public static bool Is(ReadOnlyMemory<byte> memory) => System.Runtime.InteropServices.MemoryMarshal.TryGetMemoryManager(memory, out SentMemory? _);

    public override Span<byte> GetSpan() => throw new NotSupportedException("These bytes are sent; nobody may read or write them.");

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("These bytes are sent; nobody may read or write them.");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
