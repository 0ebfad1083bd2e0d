using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;
using S3Proxy.Responding;
using S3Proxy.Telemetry;

namespace S3Proxy.Pipeline;

/// <summary>Decides which reads are answered from slices. Everything else is forwarded as it is.</summary>
internal sealed class ReadPolicy(FlightTables shared, Func<FlightTables> newTables)
{
    private const string ChecksumMode = "x-amz-checksum-mode";

    /// <summary>
    /// A presigned URL's own parameters, the SDKs' operation mark and the checksum mode. SDKs put other headers into presigned URLs too, as the expected owner of the
    /// bucket: what they ask for only the origin can tell.
    /// </summary>
    private static readonly FrozenSet<string> PlainParameters = FrozenSet.Create(
        StringComparer.Ordinal,
        "X-Amz-Algorithm", "X-Amz-Content-Sha256", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Security-Token", "X-Amz-Signature", "X-Amz-SignedHeaders",
        ChecksumMode, "x-id");

    /// <summary>
    /// The read to answer from slices, or null for what is forwarded: other operations, buckets that bypass the cache, and reads whose answer depends on
    /// more than the object (a version, a part, a client's key, CORS). docs/reads.md has the table.
    /// </summary>
    public ReadContext? TryMake(HttpContext http, ProxyRequest request, long receivedAt)
    {
        if (request.S3.Operation is not (S3Operation.GetObject or S3Operation.HeadObject) || request.Route is not { } route)
        {
            return Forward(request, RequestReason.Operation);
        }

        if (route.Configuration.Cache.Mode == CacheMode.Bypass)
        {
            return Forward(request, RequestReason.BypassRule);
        }

        if (!ResponseOverrides.TryRead(request.S3.Query, PlainParameters, out IReadOnlyList<KeyValuePair<string, string>>? overrides))
        {
            return Forward(request, RequestReason.Parameter);
        }

        if (DependsOnClient(http.Request.Headers))
        {
            return Forward(request, RequestReason.Header);
        }

        IHeaderDictionary headers = http.Request.Headers;
        ClientProof? proof = null;
        if (request.Identity.IsJudgedByOrigin && (overrides.Count > 0 || (proof = ClientProof.TryRead(request.S3, headers)) is null))
        {
            // In the client's name the origin would give the overridden headers as the object's.
            return Forward(request, RequestReason.NoProof);
        }

        return new ReadContext
        {
            Http = http,
            Request = request.S3,
            Route = route,
            Target = new ObjectTarget(request.ObjectId!, route.Configuration),
            Tables = route.Configuration.Coalescing == CoalescingMode.Off ? newTables() : shared,
            Client = request.Client(http),
            Proof = proof,
            Overrides = overrides,
            Range = ByteRangeSpec.Parse(headers.Range),
            Conditions = ConditionalRequest.Parse(headers),
            WantsChecksums = string.Equals(
                headers.TryGetValue(ChecksumMode, out StringValues mode) ? mode.ToString() : request.S3.Query.Find(ChecksumMode), "ENABLED", StringComparison.OrdinalIgnoreCase),
            ReceivedAt = receivedAt,
            Observation = request.Observation,
        };
    }

    private static ReadContext? Forward(ProxyRequest request, RequestReason reason)
    {
        request.Reason = reason;
        request.Observation?.Trail?.Add("forward", ("reason", reason.ToWire()));
        return null;
    }

    private static bool DependsOnClient(IHeaderDictionary headers)
    {
        foreach ((string name, _) in headers)
        {
            if (name.StartsWith("x-amz-server-side-encryption", StringComparison.OrdinalIgnoreCase)
                || name.Equals("x-amz-request-payer", StringComparison.OrdinalIgnoreCase)
                || name.Equals("x-amz-expected-bucket-owner", StringComparison.OrdinalIgnoreCase)
                || name.Equals("Origin", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
