using System.Collections.Frozen;
using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.ModelTests.Scheduling;
using S3Proxy.Testing;

namespace S3Proxy.ModelTests.Origin;

/// <summary>
/// An origin of a few objects without a network. It obeys S3 (ranges, conditions, version ids), except where a fault was put up for a request: each request
/// takes the next one.
/// </summary>
/// <remarks>Thread-safe. It never sends bytes that its own headers call something else: such a lie nobody could detect.</remarks>
internal sealed class ModelOrigin(IEnumerable<OriginObject> objects, bool keepsVersions, ManualTimeProvider time, ModelRandom random) : IOriginReader
{
    private readonly FrozenDictionary<ObjectId, OriginObject> _objects = objects.ToFrozenDictionary(known => known.Id);
    private readonly Lock _lock = new();
    private readonly Queue<(OriginFault Fault, int Parameter)> _faults = new();
    private readonly HashSet<string> _seen = [];
    private ModelGate _held = new();
    private int _openBodies;
    private int _pending;

    public ManualTimeProvider Time => time;

    /// <summary>Bodies handed out and not closed yet.</summary>
    public int OpenBodies => Volatile.Read(ref _openBodies);

    /// <summary>Requests that have no headers yet.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>The faults that requests met and the less usual answers they got, by name.</summary>
    public IReadOnlyCollection<string> Seen => _seen;

    public OriginObject Find(ObjectId id) => _objects[id];

    /// <summary>Lets the next request without a fault meet this one.</summary>
    public void PutUp(OriginFault fault, int parameter)
    {
        lock (_lock)
        {
            _faults.Enqueue((fault, parameter));
        }
    }

    /// <summary>Answers the requests that are held, and takes back faults nobody has met.</summary>
    public void Release(bool forgetFaults)
    {
        ModelGate held;
        lock (_lock)
        {
            held = _held;
            _held = new ModelGate();
            if (forgetFaults)
            {
                _faults.Clear();
            }
        }

        held.Open();
    }

    /// <summary>How many bytes the next read of a body gives.</summary>
    public int PieceOf(int most)
    {
        lock (_lock)
        {
            return random.Below(6) switch
            {
                0 => 1,
                1 => Math.Max(1, most / 3),
                _ => most,
            };
        }
    }

    public void OnBodyClosed() => Interlocked.Decrement(ref _openBodies);

    public void ReportBroken(OriginAnswer answer)
    {
    }

    public async Task<OriginAnswer> SendAsync(OriginRead read, CancellationToken cancellationToken)
    {
        (OriginFault Fault, int Parameter)? met = null;
        ModelGate held;
        lock (_lock)
        {
            held = _held;
            if (_faults.TryDequeue(out (OriginFault Fault, int Parameter) next))
            {
                met = next;
                _seen.Add(next.Fault.ToString());
            }
        }

        Interlocked.Increment(ref _pending);
        try
        {
            for (int turns = (met?.Parameter ?? 0) % 4; turns > 0; turns--)
            {
                // It waits for its turn; until then a run may grow.
                await Task.Yield();
            }

            cancellationToken.ThrowIfCancellationRequested();
            read = read.AsSent();
            OriginVersion arrived = VersionFor(read);
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            switch (met?.Fault)
            {
                case OriginFault.DelayHeaders:
                    await Task.Delay(TimeSpan.FromMilliseconds(met.Value.Parameter + 1), time, cancellationToken);
                    return Answer(read, arrived, null);
                case OriginFault.HoldHeaders:
                    await held.PassAsync(cancellationToken);
                    break;
                case OriginFault.Unreachable:
                    throw new FetchException(FetchFailure.Unreachable, "The origin refused the connection.");
                case OriginFault.TimedOut:
                    await Task.Delay(TimeSpan.FromSeconds(30), time, cancellationToken);
                    throw new FetchException(FetchFailure.TimedOut, "The origin did not answer.");
            }

            return Answer(read, VersionFor(read), met);
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
        }
    }

    private OriginVersion VersionFor(OriginRead read)
    {
        OriginObject known = Find(read.Target.Id);
        return read.VersionId is { } pinned && known.FindById(pinned) is { } version ? version : known.Current;
    }

    private OriginAnswer Answer(OriginRead read, OriginVersion version, (OriginFault Fault, int Parameter)? met)
    {
        OriginAnswers answers = new(this, read, version, keepsVersions, met?.Fault, met?.Parameter ?? 0);
        OriginAnswer answer = answers.Make();
        Interlocked.Increment(ref _openBodies);
        lock (_lock)
        {
            if (answer.Status is 304 or 412)
            {
                _seen.Add($"{answer.Status} of the origin");
            }

            if (read.IfMatch is not null && answer.Status is 200 or 206)
            {
                _seen.Add(read.VersionId is null ? "read by version" : "version pinned");
            }
        }

        return answer;
    }
}
