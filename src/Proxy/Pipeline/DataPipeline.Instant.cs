using S3Proxy.Auth;
using S3Proxy.Coalescing;
using S3Proxy.FastPath;
using S3Proxy.Limiting;
using S3Proxy.Protocol;
using S3Proxy.Reloading;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Requests;

namespace S3Proxy.Pipeline;

/// <content>The same stages for what can be answered at once. A request that one of them refuses takes the whole way: that counts it and tells its client.</content>
internal sealed partial class DataPipeline : IInstantPipeline
{
    /// <inheritdoc/>
    public bool MayAnswer => current.Configuration.Limits is { PerAddress: null, PerKey: null } && !telemetry.FollowsAll;

    /// <inheritdoc/>
    public bool TryAnswer(HttpContext http, SharedBodyCursor body, out InstantAnswer answer)
    {
        answer = default;
        long receivedAt = timeProvider.GetTimestamp();
        ProxySnapshot snapshot = current.Value;

        // Places of limits are taken once, and traces begin once, on the whole way.
        if (snapshot.Configuration.Limits is not { PerAddress: null, PerKey: null } || telemetry.IsFollowed(http, snapshot))
        {
            return false;
        }

        ClientAddress.Resolve(http, snapshot.Configuration.Listen.TrustedProxies);
        if (!Parse(http, snapshot, out S3Request? s3, out _) || s3.Operation is not (S3Operation.GetObject or S3Operation.HeadObject))
        {
            return false;
        }

        AuthenticationResult caller = authenticator.Authenticate(s3, http.Request.Headers, snapshot.Configuration.Auth, timeProvider.GetUtcNow());
        if (!caller.IsAuthenticated || Authorizer.Authorize(caller.Identity, s3) is not null)
        {
            return false;
        }

        RequestObservation? observation = telemetry.Begin(http, snapshot, receivedAt);
        if (!Route(http, snapshot, s3, caller, form: null, (receivedAt, observation), out ProxyRequest? request, out _))
        {
            return false;
        }

        request.Read = reads.TryMake(http, request, receivedAt);
        if (request.Read is null || !responder.TryAnswerInstantly(request.Read, InstantAnswers.MostBodyBytes, body, out int bodyBytes))
        {
            return false;
        }

        answer = new InstantAnswer(request, bodyBytes);
        return true;
    }

    /// <inheritdoc/>
    public void End(HttpContext http, in InstantAnswer answer, int sentBytes)
    {
        ProxyRequest request = answer.Request;
        metrics.AnsweredAtOnce();
        responder.CountInstant(request.Read!, sentBytes);
        telemetry.End(http, request.S3, request, RequestReason.None, request.ReceivedAt, request.Observation);
    }
}
