using System.IO.Pipelines;
using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests.Clients;

/// <summary>
/// The way to one client: every write is checked at once, may take a step of the scheduler, and waits when the client has stopped reading.
/// </summary>
internal sealed class ClientBody(ModelReader reader, ModelRandom random) : PipeWriter
{
    private readonly Lock _lock = new();
    private ModelGate _full = new();
    private int _permits = reader.Spec.Permits;

    /// <summary>The client takes in <paramref name="writes"/> more; all from now on when negative.</summary>
    public void Permit(int writes)
    {
        ModelGate full;
        lock (_lock)
        {
            _permits = writes < 0 || _permits < 0 ? -1 : _permits + writes;
            full = _full;
            _full = new ModelGate();
        }

        full.Open();
    }

    public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        bool takesAStep;
        bool tellsByResult;
        lock (_lock)
        {
            takesAStep = random.Chance(50);
            tellsByResult = random.Chance(50);
        }

        // A server tells that its client has gone in either way.
        if (reader.IsCut || (tellsByResult && cancellationToken.IsCancellationRequested))
        {
            return new FlushResult(isCanceled: false, isCompleted: true);
        }

        cancellationToken.ThrowIfCancellationRequested();
        reader.OnBytes(source.Span);

        if (takesAStep)
        {
            await Task.Yield();
        }

        while (!TryTake(out ModelGate full))
        {
            await full.PassAsync(cancellationToken);
        }

        return new FlushResult(isCanceled: false, isCompleted: reader.IsCut);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => new(new FlushResult(isCanceled: false, isCompleted: reader.IsCut));

    public override void Advance(int bytes) => throw new NotSupportedException();

    public override Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException();

    public override Span<byte> GetSpan(int sizeHint = 0) => throw new NotSupportedException();

    public override void CancelPendingFlush()
    {
    }

    public override void Complete(Exception? exception = null)
    {
    }

    private bool TryTake(out ModelGate full)
    {
        lock (_lock)
        {
            full = _full;
            if (_permits == 0)
            {
                return false;
            }

            _permits -= _permits > 0 ? 1 : 0;
            return true;
        }
    }
}
