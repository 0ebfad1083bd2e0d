using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;
using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Forwarding;
using S3Proxy.Origin;
using S3Proxy.Protocol;
using S3Proxy.Responding;
using S3Proxy.Routing;
using S3Proxy.Telemetry;

namespace S3Proxy.Pipeline;

/// <summary>
/// The way of a request on the data port, and the only place that lists its stages: parse, authenticate, authorise, route, answer from memory, and hand
/// the rest to YARP (README.md in this folder tells the same order).
/// </summary>
/// <remarks>Stateless but for its services; one for the whole process.</remarks>
internal sealed class DataPipeline(
    ProxyConfiguration configuration,
    BucketRouter router,
    SigV4Authenticator authenticator,
    ReadPolicy reads,
    ObjectResponder responder,
    ForwardingStage forwarding,
    ProxyMetrics metrics,
    TimeProvider timeProvider,
    ILogger<DataPipeline> logger)
{
    /// <summary>Takes a request through the stages; <paramref name="next"/> is YARP.</summary>
    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        long receivedAt = timeProvider.GetTimestamp();
        try
        {
            if (Parse(http, out S3Request? s3, out S3Error? error)
                && Authenticate(http, s3, out AuthenticationResult caller, out error)
                && Authorize(caller.Identity!, s3, out error)
                && Route(http, s3, caller, out ProxyRequest? request, out error))
            {
                await AnswerAsync(http, request, receivedAt, next);
                return;
            }

            await S3ErrorWriter.WriteAsync(http, error!, s3?.Resource ?? http.Request.Path.ToUriComponent());
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            Log.ClientLeft(logger);
        }
#pragma warning disable CA1031 // The last resort of the data port: an error in S3's form, never the framework's page, and never a clean end of a started body.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Log.Unexpected(logger, bug);
            await S3ErrorWriter.WriteAsync(http, new S3Error(S3ErrorCode.InternalError, "The proxy met an internal error. Please retry."), "/");
        }
    }

    private bool Parse(HttpContext http, [NotNullWhen(true)] out S3Request? s3, out S3Error? error)
    {
        string target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        return S3RequestParser.TryParse(http.Request.Method, target, http.Request.Host.Value ?? "", http.Request.Headers, configuration.Listen.HostSuffix, out s3, out error);
    }

    private bool Authenticate(HttpContext http, S3Request s3, out AuthenticationResult caller, out S3Error? error)
    {
        caller = authenticator.Authenticate(s3, http.Request.Headers, configuration.Auth, timeProvider.GetUtcNow());
        error = caller.Error;
        if (error is not null)
        {
            metrics.AuthenticationFailed(error.Code);
        }

        return error is null;
    }

    private bool Authorize(Identity identity, S3Request s3, out S3Error? error)
    {
        error = Authorizer.Authorize(identity, s3);
        if (error is not null)
        {
            metrics.AuthenticationFailed(error.Code);
        }

        return error is null;
    }

    private bool Route(HttpContext http, S3Request s3, AuthenticationResult caller, [NotNullWhen(true)] out ProxyRequest? request, out S3Error? error)
    {
        request = null;
        error = null;
        BucketRoute? route = null;
        if (s3.Bucket is { } bucket && !router.TryRoute(bucket, out route))
        {
            error = new S3Error(S3ErrorCode.NoSuchBucket, "The specified bucket does not exist") { Details = [new("BucketName", bucket.Value)] };
            return false;
        }

        if ((route?.Origin ?? router.ServiceOrigin) is not { } origin)
        {
            error = new S3Error(S3ErrorCode.NotImplemented, "ListBuckets needs a default bucket (\"*\") or a single origin in the configuration.");
            return false;
        }

        request = new ProxyRequest
        {
            S3 = s3,
            Identity = caller.Identity!,
            Payload = caller.Payload,
            ChunkSigning = caller.ChunkSigning,
            Route = route,
            Origin = origin,
            Authority = AuthorityOf(http, caller.Identity!),
        };
        return true;
    }

    private string AuthorityOf(HttpContext http, Identity identity)
    {
        if (!identity.IsJudgedByOrigin)
        {
            return "";
        }

        string host = http.Request.Host.Host.ToLowerInvariant();
        return configuration.Listen.HostSuffix is { } suffix && (host == suffix || host.EndsWith("." + suffix, StringComparison.Ordinal)) ? "" : http.Request.Host.Value!.ToLowerInvariant();
    }

    private async Task AnswerAsync(HttpContext http, ProxyRequest request, long receivedAt, RequestDelegate next)
    {
        request.Read = reads.TryMake(http, request, receivedAt);
        if (request.Read is { } read && await responder.TryAnswerFromMemoryAsync(read))
        {
            return;
        }

        http.Features.Set(request);
        http.Request.Path = OriginClusters.RoutePath(request.Origin.Name);
        await forwarding.InvokeAsync(http, request, next);
    }
}
