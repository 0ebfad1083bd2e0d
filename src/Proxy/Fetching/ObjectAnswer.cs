using System.Diagnostics;
using S3Proxy.Caching;

namespace S3Proxy.Fetching;

/// <summary>What an object's flight tells its participants. Immutable, shared by all of them.</summary>
internal abstract record ObjectAnswer
{
    private ObjectAnswer()
    {
    }

    /// <summary>The span of the fetch, for those who followed it; null when nobody traces the request that led it.</summary>
    public Activity? Span { get; init; }

    /// <summary>The object is there.</summary>
    /// <param name="Metadata">Its metadata, from this fetch.</param>
    /// <param name="Source">Who told it.</param>
    /// <param name="Run">The run whose bytes this fetch opened, or null. Readers join it before they leave the object's flight.</param>
    internal sealed record Found(ObjectMetadata Metadata, AnswerSource Source, Run? Run) : ObjectAnswer;

    /// <summary>The origin answered something else than the object; everyone gets that answer.</summary>
    /// <param name="Status">Its status.</param>
    /// <param name="Headers">Its end-to-end headers.</param>
    /// <param name="Body">Its body; empty for HEAD.</param>
    /// <param name="AnsweredAt">Timestamp of the time provider when it came: those who find it later judge its age by their own rule.</param>
    internal sealed record Refused(int Status, HeaderField[] Headers, ReadOnlyMemory<byte> Body, long AnsweredAt) : ObjectAnswer;

    /// <summary>The answer may not be shared: each participant asks for itself.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Gate">Where participants wait for their turn at the origin; null when they need not.</param>
    /// <param name="Handover">The answer itself, for one participant that it suits; null when there is none to give.</param>
    internal sealed record NotShareable(NotShareableReason Reason, ReleaseGate? Gate, AnswerHandover? Handover) : ObjectAnswer;
}
