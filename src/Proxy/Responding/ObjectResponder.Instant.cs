using S3Proxy.Caching;
using S3Proxy.Coalescing;
using S3Proxy.Fetching;
using S3Proxy.Telemetry;

namespace S3Proxy.Responding;

/// <content>Answers that are in memory as a whole.</content>
internal sealed partial class ObjectResponder
{
    /// <summary>
    /// Writes the headers of an answer that waits for nothing: metadata that may be told, and all of the bytes. False when that is not so, or the object has more than one slice, as reads of such an object are
    /// followed by others of its slices; no header has been written then.
    /// </summary>
    /// <param name="read">The read.</param>
    /// <param name="mostBytes">Most bytes of a body.</param>
    /// <param name="body">Gets to the first byte of the body, and holds it; stays where it is when there is none.</param>
    /// <param name="bodyBytes">Bytes of the body; 0 when there is none.</param>
    public bool TryAnswerInstantly(ReadContext read, int mostBytes, SharedBodyCursor body, out int bodyBytes)
    {
        bodyBytes = 0;
        if (finder.FindServable(read) is not { Metadata: { } metadata } obtained || metadata.SizeBytes > services.Geometry.SliceBytes)
        {
            return false;
        }

        ResponsePlan plan = ResponsePlan.For(read, metadata);
        if (plan.HasBody(read))
        {
            if (plan.Length > mostBytes || !TryOpen(metadata.Version, plan, body))
            {
                return false;
            }

            bodyBytes = (int)plan.Length;
        }

        CacheOutcome outcome = OutcomeOf(obtained, SliceOrigin.Tier);
        switch (plan.Status)
        {
            case StatusCodes.Status200OK or StatusCodes.Status206PartialContent:
                WriteHeaders(read, metadata, plan, outcome, CacheTier.Memory);
                return true;
            case StatusCodes.Status304NotModified:
                WriteNotModified(read, metadata, outcome, CacheTier.Memory);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Counts an answer of <see cref="TryAnswerInstantly"/>, of whose body so many bytes were handed to the client's connection.</summary>
    public void CountInstant(ReadContext read, int sentBytes) => Count(read, read.Outcome!.Value, sentBytes);

    /// <summary>True when all bytes of the answer are in memory, and held by <paramref name="body"/>.</summary>
    private bool TryOpen(ObjectVersion version, ResponsePlan plan, SharedBodyCursor body) =>
        services.Memory.FindSlice(new SliceKey(version, 0)) is { IsComplete: true } slice && body.TryMoveTo(slice, (int)plan.First) && body.Available >= plan.Length;

    private void WriteNotModified(ReadContext read, ObjectMetadata metadata, CacheOutcome outcome, CacheTier tier)
    {
        WriteCacheHeaders(read, metadata, outcome, tier);
        ObjectHeaders.WriteNotModified(read.Http.Response, metadata);
        read.Http.Response.StatusCode = StatusCodes.Status304NotModified;
    }
}
