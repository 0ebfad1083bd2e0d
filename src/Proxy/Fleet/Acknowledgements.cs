using System.Collections.Concurrent;

namespace S3Proxy.Fleet;

/// <summary>Who has acknowledged the notices that this replica waits for. Thread-safe; an entry lives as long as the wait.</summary>
internal sealed class Acknowledgements
{
    private readonly ConcurrentDictionary<string, Pending> _pending = new(StringComparer.Ordinal);

    /// <summary>Waits that are under way.</summary>
    public int Count => _pending.Count;

    /// <summary>Begins to gather receipts of <paramref name="id"/> from <paramref name="replicas"/>. Disposed of when the wait is over.</summary>
    public Pending Expect(string id, IEnumerable<string> replicas) => _pending[id] = new Pending(this, id, replicas);

    /// <summary>Takes a receipt in; false when nobody waits for it, as for one that comes twice.</summary>
    public bool Receive(string replica, InvalidationReceipt receipt) => _pending.TryGetValue(receipt.Id, out Pending? pending) && pending.Receive(replica, receipt);

    /// <summary>One wait. Thread-safe.</summary>
    internal sealed class Pending(Acknowledgements owner, string id, IEnumerable<string> replicas) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly HashSet<string> _missing = new(replicas, StringComparer.Ordinal);
        private readonly List<(string Replica, InvalidationReceipt Receipt)> _received = [];
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when nobody is missing any more.</summary>
        public Task Done => _done.Task;

        /// <summary>Those who have not acknowledged.</summary>
        public string[] Missing
        {
            get
            {
                lock (_lock)
                {
                    return [.. _missing];
                }
            }
        }

        /// <summary>Receipts so far, with their senders.</summary>
        public (string Replica, InvalidationReceipt Receipt)[] Received
        {
            get
            {
                lock (_lock)
                {
                    return [.. _received];
                }
            }
        }

        public bool Receive(string replica, InvalidationReceipt receipt)
        {
            lock (_lock)
            {
                if (!_missing.Remove(replica))
                {
                    return false;
                }

                _received.Add((replica, receipt));
                if (_missing.Count == 0)
                {
                    _done.TrySetResult();
                }

                return true;
            }
        }

        /// <summary>Does not wait for a replica any more: its lease is over.</summary>
        public void GiveUp(string replica)
        {
            lock (_lock)
            {
                if (_missing.Remove(replica) && _missing.Count == 0)
                {
                    _done.TrySetResult();
                }
            }
        }

        public void Dispose() => owner._pending.TryRemove(id, out _);
    }
}
