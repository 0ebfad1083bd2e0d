using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace S3Proxy.Testing.Origin.Protocol;

/// <summary>A request as the operations see it. Belongs to one request; not thread-safe.</summary>
internal sealed class OriginCall
{
    public required OriginRequest Record { get; init; }

    public required string Method { get; init; }

    public required RequestTarget Target { get; init; }

    public required IHeaderDictionary Headers { get; init; }

    public required Stream Body { get; init; }

    public required string RequestId { get; init; }

    /// <summary>What faults do to this request.</summary>
    public FaultEffects Faults { get; set; } = FaultEffects.None;

    /// <summary>True when keys are configured and this request carried no signature.</summary>
    public bool IsAnonymous { get; set; }

    public bool IsHead => Method == "HEAD";

    public string Bucket => Target.Bucket ?? throw new InvalidOperationException("This operation has no bucket.");

    public string Key => Target.Key ?? throw new InvalidOperationException("This operation has no key.");

    public QueryParameters Query => Target.Query;

    /// <summary>The field's value, several joined with a comma; null when there is none.</summary>
    public string? Header(string name) => Headers.TryGetValue(name, out StringValues values) ? values.ToString() : null;

    public OriginResponse Error(OriginErrorCode code, string? message = null, params ReadOnlySpan<(string Name, string Value)> details) =>
        OriginResponse.ForError(this, code, message, details);
}
