using System.Net;
using Microsoft.AspNetCore.Http.Features;
using S3Proxy.Fetching;
using S3Proxy.Origin;
using S3Proxy.Origin.Signing;
using S3Proxy.Pipeline;
using S3Proxy.Protocol;
using S3Proxy.Responding;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Requests;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace S3Proxy.Forwarding;

/// <summary>
/// The transforms of every route: a read that may be shared is answered from its flight, which ends YARP's forwarding; everything else is readdressed,
/// signed for the origin and streamed.
/// </summary>
internal sealed class ForwardingTransforms(ObjectResponder responder, OriginSigning signing, ForwardedAnswers answers, ProxyMetrics metrics, TimeProvider timeProvider) : ITransformProvider
{
    /// <inheritdoc/>
    public void ValidateRoute(TransformRouteValidationContext context)
    {
    }

    /// <inheritdoc/>
    public void ValidateCluster(TransformClusterValidationContext context)
    {
    }

    /// <inheritdoc/>
    public void Apply(TransformBuilderContext context)
    {
        context.UseDefaultForwarders = false;

        // Ours decides about the Host; left to itself YARP takes it off after all others have run.
        context.AddOriginalHost(true);
        context.AddRequestTransform(PrepareAsync);
        context.AddResponseTransform(answers.ReceiveAsync);
    }

    /// <remarks>
    /// The transform's own token carries YARP's time-out for one exchange; a body streamed from a flight may take longer than that, so it follows the client's
    /// token and our progress limits instead.
    /// </remarks>
    private async ValueTask PrepareAsync(RequestTransformContext context)
    {
        HttpContext http = context.HttpContext;
        ProxyRequest request = http.Features.GetRequiredFeature<ProxyRequest>();
        DestinationState destination = http.GetReverseProxyFeature().ProxiedDestination!;
        if (request.Read is { } read)
        {
            read.Endpoint = destination.DestinationId;
            if (await responder.TryAnswerAsync(read))
            {
                return;
            }
        }

        HttpRequestMessage message = context.ProxyRequest;
        message.Version = HttpVersion.Version11;
        message.Headers.Remove("Expect");
        request.Exchange?.Failed(MetricTags.NameOf(FetchFailure.Unreachable));
        request.Exchange = new OriginExchange(request.Origin.Name, metrics, timeProvider, request.Observation?.Span);
        if (request.Identity.IsJudgedByOrigin)
        {
            // Whatever the client may have signed stays as it is, the Host too (requirement A1).
            message.RequestUri = OriginUri.Verbatim(new Uri(destination.Model.Config.Address), request.S3.OriginForm);
            message.Headers.Host = http.Request.Headers.Host.ToString();
            request.Exchange.Propagate(message, MaySign(http.Request, request.S3, "trace"));
            if (!MaySign(http.Request, request.S3, RequestTrail.RequestHeader))
            {
                message.Headers.Remove(RequestTrail.RequestHeader);
            }

            return;
        }

        message.Headers.Host = null;
        message.Headers.Remove(RequestTrail.RequestHeader);
        message.RequestUri = OriginUri.Build(
            request.Origin, new Uri(destination.Model.Config.Address), request.Route?.OriginBucket,
            request.S3.Key is { } key ? request.Route!.OriginKey(key) : null, request.OriginQuery);
        await signing.SignAsync(message, request.Origin, PayloadHashOf(http.Request), context.CancellationToken);
        request.Exchange.Propagate(message, isSigned: false);
    }

    /// <summary>True when a client's own signature may cover a header of which this is a part: its list of signed headers stands in one of these.</summary>
    private static bool MaySign(HttpRequest request, S3Request s3, string header) =>
        request.Headers.Authorization.ToString().Contains(header, StringComparison.OrdinalIgnoreCase) || s3.OriginForm.Contains(header, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// A hash the client signed is passed on, so that the origin too refuses a body that was changed on the way. The streaming form stands there only for a body that
    /// was encoded for the origin (<see cref="Uploads.UploadBody"/>).
    /// </summary>
    private static string PayloadHashOf(HttpRequest request)
    {
        string declared = request.Headers[S3Headers.ContentSha256].ToString();
        return declared.Length == 64 || declared == PayloadDeclaration.StreamingUnsignedTrailerValue ? declared : PayloadDeclaration.UnsignedValue;
    }
}
