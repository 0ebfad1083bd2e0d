using System.Collections.Concurrent;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Invalidation;
using S3Proxy.ModelTests.Checking;
using S3Proxy.ModelTests.Clients;
using S3Proxy.ModelTests.Origin;
using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests;

/// <summary>What may happen in the world, and what must be true at every moment.</summary>
internal sealed partial class ModelWorld
{
    private readonly ConcurrentDictionary<int, ModelReader> _readers = new();
    private readonly ObjectState[] _states;
    private readonly Queue<MemoryReservation> _heldMemory = new();
    private long _evictedOnPurpose;

    /// <summary>True after a shutdown: reads under way were told to end.</summary>
    public bool IsShutDown { get; private set; }

    /// <summary>True while somebody else has taken memory.</summary>
    public bool HoldsMemory => _heldMemory.Count > 0;

    public void Join(int client, ReadSpec spec)
    {
        int index = spec.Object % _objects.Length;
        ModelReader reader = new(client, spec, _objects[index], _states[index].Floor, _states[index].Generation, Violations, new ModelRandom(_random.Next()), (known, writer) => _bug.Wrap(writer, known));
        if (!_readers.TryAdd(client, reader))
        {
            return;
        }

        _bug.OnJoined(reader, this);
        Task.Factory.StartNew(() => RunAsync(reader), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler);
    }

    public void Leave(int client)
    {
        if (_readers.TryGetValue(client, out ModelReader? reader))
        {
            reader.Leave();
        }
    }

    public void Take(int client, int writes)
    {
        if (_readers.TryGetValue(client, out ModelReader? reader))
        {
            reader.Take(writes);
        }
    }

    public void Overwrite(int index, uint contentSeed, int sizeBytes) => _objects[index % _objects.Length].Overwrite(contentSeed, sizeBytes);

    public void BeginWrite(int index)
    {
        ObjectState state = _states[index % _objects.Length];
        state.Generation++;
        WriteIntent intent = _writes.Begin([_objects[index % _objects.Length].Id]);
        state.Writes.Enqueue(intent);
        state.Floor = _objects[index % _objects.Length].Current.Index;
    }

    public void EndWrite(int index, bool answered)
    {
        ObjectState state = _states[index % _objects.Length];
        if (!state.Writes.TryDequeue(out WriteIntent? intent))
        {
            return;
        }

        int floor = _objects[index % _objects.Length].Current.Index;
        state.Generation++;
        if (answered)
        {
            intent.Answered();
        }

        intent.Dispose();
        state.Floor = floor;
    }

    public void Invalidate(int index)
    {
        ObjectState state = _states[index % _objects.Length];
        int floor = _objects[index % _objects.Length].Current.Index;
        state.Generation++;
        Epochs.Raise(_objects[index % _objects.Length].Id);
        Tables.Detach(_objects[index % _objects.Length].Id);
        state.Floor = floor;
    }

    public void HoldMemory(int pages)
    {
        ValueTask<MemoryReservation?> reservation = Memory.ReserveAsync(pages * PagePool.PageBytes, TimeSpan.Zero, Time, CancellationToken.None);
        if (reservation.IsCompletedSuccessfully && reservation.Result is { } held)
        {
            _heldMemory.Enqueue(held);
        }
    }

    public void ReleaseMemory()
    {
        if (_heldMemory.TryDequeue(out MemoryReservation? held))
        {
            held.Dispose();
        }
    }

    public void Evict()
    {
        long before = Memory.Evictions;
        Memory.Clear();
        _evictedOnPurpose += Memory.Evictions - before;
    }

    public void CancelAll()
    {
        IsShutDown = true;
        foreach (ObjectState state in _states)
        {
            state.Generation++;
        }

        Tables.Objects.CancelAll();
        Tables.Slices.CancelAll();
    }

    /// <summary>Lets everything go on that was held back, as the end of a schedule does: writes end, slow clients read on, the origin answers without faults.</summary>
    public void LetGo()
    {
        for (int index = 0; index < _objects.Length; index++)
        {
            while (_states[index].Writes.Count > 0)
            {
                EndWrite(index, answered: true);
            }
        }

        foreach (ModelReader reader in Readers)
        {
            reader.Take(-1);
        }

        while (_heldMemory.Count > 0)
        {
            ReleaseMemory();
        }

        Origin.Release(forgetFaults: true);
    }

    /// <summary>What can be checked after any step.</summary>
    public void CheckMoment()
    {
        long held = Memory.CommittedBytes;
        if (held > Memory.BudgetBytes)
        {
            Violations.Add(Invariant.Budget, $"{held} bytes are held of {Memory.BudgetBytes}.");
        }
    }

    /// <summary>No metadata is cached that a write or an invalidation has overtaken. Looking counts as a use of it, so this is not done after every step.</summary>
    public void CheckPublished()
    {
        for (int index = 0; index < _objects.Length; index++)
        {
            if (Memory.FindMetadata(_objects[index].Id) is not { } metadata)
            {
                continue;
            }

            int version = int.Parse(metadata.Headers.First(field => field.Name == OriginVersion.IndexHeader).Value.ToString(), System.Globalization.CultureInfo.InvariantCulture);
            if (_states[index].Writes.Count > 0)
            {
                Violations.Add(Invariant.NoStalePublish, $"Metadata of object {index} is cached while a write is under way.");
            }
            else if (version < _states[index].Floor)
            {
                Violations.Add(Invariant.NoStalePublish, $"Version {version} of object {index} is cached after version {_states[index].Floor} was written or what was known was invalidated.");
            }
        }
    }

    /// <summary>Nothing is held when nobody reads and nothing runs: no flight, transfer, promise, or page beyond what is cached.</summary>
    public string? Leftovers()
    {
        if (Tables.InFlightCount != 0 || Origin.OpenBodies != 0 || Origin.Pending != 0 || Memory.ReservedBytes != 0)
        {
            return $"{Tables.InFlightCount} flights, {Origin.OpenBodies} transfers, {Origin.Pending} requests and {Memory.ReservedBytes} reserved bytes are left.";
        }

        return null;
    }

    /// <summary>What happened in this world, by name.</summary>
    public IReadOnlyCollection<string> Seen()
    {
        HashSet<string> seen = [.. Origin.Seen];
        foreach (ModelReader reader in Readers)
        {
            seen.Add(reader.Outcome);
            seen.Add(reader.Http.Response.Headers["x-cache"].ToString());
        }

        if (Memory.Evictions > _evictedOnPurpose)
        {
            seen.Add("eviction");
        }

        return seen;
    }

    private async Task RunAsync(ModelReader reader)
    {
        if (!ReferenceEquals(TaskScheduler.Current, _scheduler))
        {
            Violations.Add(Invariant.Determinism, $"{reader} began on another scheduler.");
        }

        await reader.RunAsync(_responder, ContextOf(reader));
        if (!ReferenceEquals(TaskScheduler.Current, _scheduler))
        {
            Violations.Add(Invariant.Determinism, $"{reader} came back on another scheduler.");
        }
    }

    private void OnHeadersTold(ObjectId id, int status)
    {
        ObjectState state = _states[Array.FindIndex(_objects, known => known.Id.Equals(id))];
        state.HadHeadersTold = true;
        state.IsGone |= status is 404 or 410;
    }

    private long? GenerationWhenLed(string client, ObjectId id)
    {
        foreach (ModelReader reader in Readers)
        {
            if (reader.Name == client)
            {
                ObjectState state = _states[Array.FindIndex(_objects, known => known.Id.Equals(id))];

                // Headers that are told while a write may change the object detach the flight for its bytes at a moment that is not seen here.
                bool mayBeDetached = state.IsGone || (state.HadHeadersTold && Epochs.IsUncertain(id));
                return !mayBeDetached && state.Generation == reader.Generation ? reader.Generation : null;
            }
        }

        return null;
    }

    /// <summary>What the model knows of an object beside its history.</summary>
    private sealed class ObjectState
    {
        private volatile bool _isGone;
        private volatile bool _hadHeadersTold;
        private int _floor;
        private long _generation;

        /// <summary>Number of the version that was current at the last write or invalidation: readers who come later are told of no older one.</summary>
        public int Floor
        {
            get => Volatile.Read(ref _floor);
            set => Volatile.Write(ref _floor, value);
        }

        /// <summary>True once a HEAD was told that it is not there: its flights are detached at a moment that is not seen here.</summary>
        public bool IsGone
        {
            get => _isGone;
            set => _isGone = value;
        }

        /// <summary>True once a HEAD was answered.</summary>
        public bool HadHeadersTold
        {
            get => _hadHeadersTold;
            set => _hadHeadersTold = value;
        }

        /// <summary>Raised whenever its flights are detached.</summary>
        public long Generation
        {
            get => Volatile.Read(ref _generation);
            set => Volatile.Write(ref _generation, value);
        }

        public Queue<WriteIntent> Writes { get; } = new();
    }
}
