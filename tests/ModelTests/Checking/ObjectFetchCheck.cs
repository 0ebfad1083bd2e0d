using S3Proxy.Caching;
using S3Proxy.Fetching;

namespace S3Proxy.ModelTests.Checking;

/// <summary>
/// Stands before the origin and watches the requests that ask for an object as such: of two that wait for headers at once, one at least began in an earlier
/// generation of the object. Thread-safe.
/// </summary>
/// <remarks>
/// A flight's generation is not seen from here, only that of the read that led it, when it began. A pair is told apart as wrong only when the object has kept
/// its generation since both reads began, so nothing right is reported.
/// </remarks>
internal sealed class ObjectFetchCheck(IOriginReader origin, ViolationLog violations, Func<string, ObjectId, long?> generationWhenLed, Action<ObjectId, int> headersTold) : IOriginReader
{
    private readonly Lock _lock = new();
    private readonly List<(ObjectId Id, bool HeadersOnly, string Client)> _waiting = [];

    /// <summary>False where a cancelled request may be seen a moment after its successor.</summary>
    public bool IsExact { get; init; } = true;

    public void ReportBroken(OriginAnswer answer) => origin.ReportBroken(answer);

    public async Task<OriginAnswer> SendAsync(OriginRead read, CancellationToken cancellationToken)
    {
        if (read.IfMatch is not null || cancellationToken.IsCancellationRequested)
        {
            return await origin.SendAsync(read, cancellationToken);
        }

        (ObjectId Id, bool HeadersOnly, string Client) entry = (read.Target.Id, read.Method == HttpMethod.Head, read.Requester.Client);
        Enter(entry);

        // A cancelled request has closed its socket, whenever its task comes to know.
        using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(_ => Leave(entry), null);
        try
        {
            OriginAnswer answer = await origin.SendAsync(read, cancellationToken);
            if (entry.HeadersOnly)
            {
                headersTold(read.Target.Id, answer.Status);
            }

            return answer;
        }
        finally
        {
            Leave(entry);
        }
    }

    private void Enter((ObjectId Id, bool HeadersOnly, string Client) entry)
    {
        lock (_lock)
        {
            foreach ((ObjectId id, bool headersOnly, string client) in _waiting)
            {
                // A read that wants fields only HEAD tells may have a flight beside the one for the bytes, whose fallback is a HEAD too.
                if (!headersOnly && !entry.HeadersOnly && id.Equals(entry.Id) && client != entry.Client && IsExact
                    && generationWhenLed(client, id) is { } first && first == generationWhenLed(entry.Client, id))
                {
                    violations.Add(Invariant.SingleFetch, $"{client} and {entry.Client} both lead a fetch of {id} in one generation.");
                }
            }

            _waiting.Add(entry);
        }
    }

    private void Leave((ObjectId Id, bool HeadersOnly, string Client) entry)
    {
        lock (_lock)
        {
            _waiting.Remove(entry);
        }
    }
}
