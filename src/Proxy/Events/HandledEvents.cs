using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace S3Proxy.Events;

/// <summary>
/// Which events have been carried out lately, so that one that is told again costs nothing. Only ever saves work: an event tells of a write that has happened, and what was read since it was carried out knows that write.
/// </summary>
/// <remarks>Thread-safe. Bounded: the oldest are forgotten. <c>_lock</c> protects the set and the order.</remarks>
internal sealed class HandledEvents
{
    /// <summary>Events that are remembered.</summary>
    public const int Capacity = 16_384;

    private readonly Lock _lock = new();
    private readonly HashSet<UInt128> _known = [];
    private readonly Queue<UInt128> _order = new();

    /// <summary>What stands for an event, and for the origins it was taken to come from.</summary>
    public static UInt128 MarkOf(string mark, string? origin)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{origin}\n{mark}"), digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    public bool Contains(UInt128 mark)
    {
        lock (_lock)
        {
            return _known.Contains(mark);
        }
    }

    /// <summary>Notes an event that was carried out, by all replicas.</summary>
    public void Add(UInt128 mark)
    {
        lock (_lock)
        {
            if (!_known.Add(mark))
            {
                return;
            }

            _order.Enqueue(mark);
            if (_order.Count > Capacity)
            {
                _known.Remove(_order.Dequeue());
            }
        }
    }
}
