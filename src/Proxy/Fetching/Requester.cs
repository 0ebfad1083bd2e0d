using System.Diagnostics;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Fetching;

/// <summary>For whom an origin request is made: the origin's slots are shared fairly among clients (requirement B5).</summary>
/// <param name="Client">Access key id, or address of a client that showed none. A shared fetch is charged to the client that leads it.</param>
/// <param name="Class">How urgent it is.</param>
/// <param name="Proof">What the client shows the origin, in whose name the request is sent then; null when the proxy asks in its own name.</param>
/// <param name="Span">What the fetch is told as a part of; null when nobody traces the client's request.</param>
internal readonly record struct Requester(string Client, FetchClass Class, ClientProof? Proof = null, Activity? Span = null)
{
    /// <summary>False when the client's signature names one range, so that no request of another can be sent in its name.</summary>
    public bool MayAskForRanges => Proof is null || !Proof.Signs("Range");

    /// <summary>True when a request with this method and range can be sent.</summary>
    public bool MayAsk(HttpMethod method, string? range) =>
        Proof is null || (Proof.Method == method.Method && (range is null || MayAskForRanges));
}
