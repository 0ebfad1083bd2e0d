using S3Proxy.Auth;
using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Forwarding.Forms;
using S3Proxy.Forwarding.Uploads;
using S3Proxy.Invalidation;
using S3Proxy.Origin;
using S3Proxy.Protocol;
using S3Proxy.Reloading;
using S3Proxy.Responding;
using S3Proxy.Routing;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Requests;

namespace S3Proxy.Pipeline;

/// <summary>What the stages of the pipeline know of a request. Kept in the request's features; used by one request.</summary>
internal sealed class ProxyRequest
{
    /// <summary>The configuration that the request began with, and ends with.</summary>
    public required ProxySnapshot Snapshot { get; init; }

    public required S3Request S3 { get; init; }

    public required Identity Identity { get; init; }

    /// <summary>Null only for operations on the service.</summary>
    public required BucketRoute? Route { get; init; }

    public required OriginConfiguration Origin { get; init; }

    /// <summary>The read that is answered from slices; null for everything that is forwarded.</summary>
    public ReadContext? Read { get; set; }

    /// <summary>The intent of a write, with the objects it changes; null for what changes none.</summary>
    public WriteIntent? Write { get; set; }

    public required PayloadDeclaration Payload { get; init; }

    /// <summary>Set when the chunks of the body are signed.</summary>
    public ChunkSigningContext? ChunkSigning { get; init; }

    /// <summary>The body that is decoded and verified on its way; null for none, and for one that nothing is claimed about.</summary>
    public UploadBody? Upload { get; set; }

    /// <summary>The form of a browser's upload; null for everything else.</summary>
    public PostForm? Form { get; init; }

    /// <summary>Timestamp of the time provider when it came in.</summary>
    public long ReceivedAt { get; init; }

    /// <summary>What log, trace and trail want to know; null when nobody does.</summary>
    public RequestObservation? Observation { get; init; }

    /// <summary>Why it is forwarded instead of being read from slices; none for what is read from slices.</summary>
    public RequestReason Reason { get; set; }

    /// <summary>True once the origin has answered what was forwarded.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The exchange with the origin, for what is forwarded.</summary>
    public OriginExchange? Exchange { get; set; }

    /// <summary>Query for the origin, in canonical form. Set before the request is forwarded.</summary>
    public string OriginQuery { get; set; } = "";

    /// <summary>Whose turns the request takes at the origin: the access key id, or the address of a client that showed none.</summary>
    public string Client(HttpContext http) => Identity.IsAnonymous ? http.Connection.RemoteIpAddress?.ToString() ?? "" : Identity.AccessKeyId;

    /// <summary>The object at its origin, for operations on one.</summary>
    public ObjectId? ObjectId => Route is not null && S3.Key is { } key ? ObjectIdOf(key) : null;

    /// <summary>
    /// Which authority the origin sees, where that is the client's to choose: the origin may know other buckets by the same path under another Host. Empty where
    /// the proxy addresses the origin itself, and for names that <c>listen.hostSuffix</c> declares.
    /// </summary>
    public string Authority { get; init; } = "";

    /// <summary>The bucket at its origin, for operations on one.</summary>
    public BucketId? BucketId => Route is { } route ? new BucketId(OriginIdentity, route.OriginBucket) : null;

    private string OriginIdentity => Authority.Length == 0 ? Origin.Identity : $"{Origin.Identity} {Authority}";

    /// <summary>An object of the request's bucket at its origin.</summary>
    public ObjectId ObjectIdOf(ObjectKey key) => new(OriginIdentity, Route!.OriginBucket, Route.OriginKey(key));
}
