using System.Diagnostics.CodeAnalysis;

namespace S3Proxy.Origin.Slots;

/// <summary>
/// Those who wait for a slot, served by deficit round-robin over clients: one request a turn, so that a client with a thousand waiting is served as often as one
/// with a single request (requirement B5). Every operation takes constant time.
/// </summary>
/// <remarks>
/// Not thread-safe; its owner's lock protects it. Every request costs the same, so a quantum of one makes deficits needless: what is left is the round.
/// </remarks>
internal sealed class FairQueue
{
    private readonly Dictionary<string, LinkedListNode<Backlog>> _clients = new(StringComparer.Ordinal);
    private readonly LinkedList<Backlog> _round = [];

    /// <summary>How many wait.</summary>
    public int Count { get; private set; }

    /// <summary>How many clients have somebody waiting.</summary>
    public int ClientCount => _clients.Count;

    /// <summary>Puts a waiter behind the others of its client; a client that had none joins the end of the round.</summary>
    public void Enqueue(SlotWaiter waiter)
    {
        if (!_clients.TryGetValue(waiter.Client, out LinkedListNode<Backlog>? client))
        {
            client = _round.AddLast(new Backlog());
            _clients.Add(waiter.Client, client);
        }

        waiter.Place = client.Value.Waiters.AddLast(waiter);
        Count++;
    }

    /// <summary>Takes out the waiter whose turn it is; its client goes to the end of the round.</summary>
    public bool TryDequeue([NotNullWhen(true)] out SlotWaiter? waiter)
    {
        if (_round.First is not { } client)
        {
            waiter = null;
            return false;
        }

        waiter = client.Value.Waiters.First!.Value;
        _round.RemoveFirst();
        _round.AddLast(client);
        Remove(waiter);
        return true;
    }

    /// <summary>Takes out a waiter that gave up; false when it is not in any more.</summary>
    public bool Remove(SlotWaiter waiter)
    {
        if (waiter.Place is not { List: { } waiters } place)
        {
            return false;
        }

        waiters.Remove(place);
        waiter.Place = null;
        Count--;
        if (waiters.Count == 0 && _clients.Remove(waiter.Client, out LinkedListNode<Backlog>? client))
        {
            _round.Remove(client);
        }

        return true;
    }

    private sealed class Backlog
    {
        public LinkedList<SlotWaiter> Waiters { get; } = [];
    }
}
