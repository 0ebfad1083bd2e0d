using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;
using S3Proxy.Routing;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Requests;

namespace S3Proxy.Responding;

/// <summary>One client's read of an object, parsed and authorised: what the responder needs to know of the request.</summary>
internal sealed class ReadContext
{
    private static readonly TimeSpan NoFirstByte = TimeSpan.MinValue;

    private TimeSpan _firstByte = NoFirstByte;

    public required HttpContext Http { get; init; }

    public required S3Request Request { get; init; }

    /// <summary>The names this client knows the object by; others may share its flight under other names.</summary>
    public required BucketRoute Route { get; init; }

    public required ObjectTarget Target { get; init; }

    /// <summary>Where this request shares flights; tables of its own when it must not.</summary>
    public required FlightTables Tables { get; init; }

    /// <summary>Whose turns this read takes at the origin: an access key id, or the address of a client that showed none.</summary>
    public required string Client { get; init; }

    /// <summary>What the client shows the origin, which alone may judge it; null where the proxy does (requirement A3).</summary>
    public ClientProof? Proof { get; init; }

    /// <summary>Headers of the client's choice on a 200 or 206, in the place of the object's.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Overrides { get; init; } = [];

    /// <summary>In whose name and turns this read asks the origin.</summary>
    public Requester Requester => new(Client, FetchClass.Demand, Proof, Observation?.Span);

    /// <summary>The client's range as it stands in the request; If-Range is judged when the version is known.</summary>
    public required ByteRangeSpec? Range { get; init; }

    public required ConditionalRequest Conditions { get; init; }

    public bool IsHead => Request.Operation == S3Operation.HeadObject;

    /// <summary>The client asked for checksums, which only a read of the whole object is told.</summary>
    public required bool WantsChecksums { get; init; }

    /// <summary>True when an answer needs metadata that knows the checksums.</summary>
    public bool NeedsChecksums => WantsChecksums && (IsHead || Range is null);

    /// <summary>Timestamp of the time provider when the request came in.</summary>
    public required long ReceivedAt { get; init; }

    /// <summary>Origin endpoint that load balancing chose for this request; null before it did.</summary>
    public string? Endpoint { get; set; }

    /// <summary>
    /// The turn at the origin that a read which is forwarded after having waited for others must give back when its answer's headers are there. Null for all
    /// others.
    /// </summary>
    public ReleaseTurn? Turn { get; set; }

    /// <summary>What log, trace and trail want to know; null when nobody does.</summary>
    public RequestObservation? Observation { get; init; }

    /// <summary>How it was answered; null before.</summary>
    public CacheOutcome? Outcome { get; private set; }

    /// <summary>Where its first byte came from.</summary>
    public AnswerTier Tier { get; private set; }

    /// <summary>What last stood in the way of an answer from memory.</summary>
    public RequestReason Reason { get; set; }

    /// <summary>Its part in the fetch that answered it.</summary>
    public FlightRole Role { get; set; }

    /// <summary>The rule by which this read judges what is fresh.</summary>
    public CacheRule Rule => Target.Bucket.Cache;

    public CoalescingMode Mode => Target.Bucket.Coalescing;

    /// <summary>Notes how this read is answered, before its headers are sent.</summary>
    /// <param name="outcome">How.</param>
    /// <param name="firstByte">How long after the request.</param>
    /// <param name="kept">For what was not fetched for it: the tier.</param>
    public void Answer(CacheOutcome outcome, TimeSpan firstByte, CacheTier kept = CacheTier.Memory)
    {
        Outcome = outcome;
        _firstByte = firstByte;
        Tier = AnswerTiers.Of(outcome, kept);
        Role = outcome switch
        {
            CacheOutcome.Miss => FlightRole.Leader,
            CacheOutcome.Coalesced => FlightRole.Follower,
            CacheOutcome.Revalidated => Role,
            _ => FlightRole.None,
        };
        if (outcome == CacheOutcome.Hit && kept == CacheTier.Memory)
        {
            Reason = RequestReason.None;
        }

        Observation?.Trail?.Add("answer", ("outcome", outcome.ToWire()), ("tier", Tier.ToWire()), ("role", Role.ToWire()), ("reason", Reason.ToWire()));
    }

    /// <summary>Notes that this read failed.</summary>
    public void Fail(RequestReason reason)
    {
        Reason = reason;
        Answer(CacheOutcome.Error, NoFirstByte);
    }

    /// <summary>Takes back an answer of which nothing was sent: the headers that were written, and what was noted of it. The read is answered anew, or forwarded.</summary>
    public void TakeBack()
    {
        Http.Response.Clear();
        Outcome = null;
        Tier = AnswerTier.None;
        Role = FlightRole.None;
        _firstByte = NoFirstByte;
    }

    /// <summary>How long after the request the headers of an answer were written that stays, once an answer; false when there is none, or it was taken before.</summary>
    public bool TryTakeFirstByte(out TimeSpan firstByte)
    {
        firstByte = _firstByte;
        _firstByte = NoFirstByte;
        return firstByte != NoFirstByte;
    }

    /// <summary>What is in memory and tells all that this read needs, fresh or not.</summary>
    public ObjectMetadata? FindKnown(FetchServices services) =>
        services.Memory.FindMetadata(Target.Id) is { } known && (known.KnowsChecksums || !NeedsChecksums) ? known : null;

    /// <summary>True when the slices that the response would send, or the first of them, are in memory.</summary>
    public bool HasSlices(FetchServices services, ObjectMetadata known, bool onlyFirst)
    {
        ResponsePlan plan = ResponsePlan.For(this, known);
        if (!plan.HasBody(this))
        {
            return true;
        }

        int first = services.Geometry.IndexOf(plan.First);
        int last = onlyFirst ? first : services.Geometry.IndexOf(plan.Last);
        for (int index = first; index <= last; index++)
        {
            if (!services.Memory.ContainsSlice(new SliceKey(known.Version, index)))
            {
                return false;
            }
        }

        return true;
    }
}
