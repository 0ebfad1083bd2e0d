using System.Diagnostics;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Fetching;

/// <summary>What few requesters have. Immutable.</summary>
internal sealed record RequesterContext(ClientProof? Proof, Activity? Span);
