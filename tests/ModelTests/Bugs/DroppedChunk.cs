using System.IO.Pipelines;
using S3Proxy.ModelTests.Clients;

namespace S3Proxy.ModelTests.Bugs;

/// <summary>The queue of a reader holds one chunk and silently drops what comes while it is full (Syntra).</summary>
internal sealed class DroppedChunk : PlantedBug
{
    public override PipeWriter Wrap(PipeWriter writer, ModelReader reader) => new LossyWriter(writer);

    private sealed class LossyWriter(PipeWriter writer) : PipeWriter
    {
        private Task<FlushResult>? _pending;

        public override async ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            if (_pending is { IsCompleted: false })
            {
                return new FlushResult(isCanceled: false, isCompleted: false);
            }

            if (_pending is not null)
            {
                await _pending;
            }

            // A queue of one: the next write does not wait for this one.
            _pending = writer.WriteAsync(source, cancellationToken).AsTask();
            return new FlushResult(isCanceled: false, isCompleted: false);
        }

        public override void Advance(int bytes) => throw new NotSupportedException();

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => writer.FlushAsync(cancellationToken);

        public override Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException();

        public override Span<byte> GetSpan(int sizeHint = 0) => throw new NotSupportedException();
    }
}
