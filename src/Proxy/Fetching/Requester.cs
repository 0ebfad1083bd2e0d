using System.Diagnostics;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Fetching;

/// <summary>For whom an origin request is made: the origin's slots are shared fairly among clients (requirement B5). Small: every response with a body holds one.</summary>
internal readonly record struct Requester
{
    private readonly RequesterContext? _context;

    /// <param name="client">Access key id, or address of a client that showed none. A shared fetch is charged to the client that leads it.</param>
    /// <param name="urgency">How urgent it is.</param>
    /// <param name="proof">What the client shows the origin, in whose name the request is sent then; null when the proxy asks in its own name.</param>
    /// <param name="span">What the fetch is told as a part of; null when nobody traces the client's request.</param>
    public Requester(string client, FetchClass urgency, ClientProof? proof = null, Activity? span = null)
    {
        Client = client;
        Class = urgency;
        _context = ContextOf(proof, span);
    }

    public string Client { get; }

    public FetchClass Class { get; init; }

    public ClientProof? Proof => _context?.Proof;

    public Activity? Span
    {
        get => _context?.Span;
        init => _context = ContextOf(Proof, value);
    }

    /// <summary>False when the client's signature names one range, so that no request of another can be sent in its name.</summary>
    public bool MayAskForRanges => Proof is null || !Proof.Signs("Range");

    /// <summary>True when a request with this method and range can be sent.</summary>
    public bool MayAsk(HttpMethod method, string? range) =>
        Proof is null || (Proof.Method == method.Method && (range is null || MayAskForRanges));

    private static RequesterContext? ContextOf(ClientProof? proof, Activity? span) => proof is null && span is null ? null : new RequesterContext(proof, span);
}
