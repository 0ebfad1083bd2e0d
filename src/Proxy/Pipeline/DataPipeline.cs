using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http.Features;
using S3Proxy.Auth;
using S3Proxy.Configuration;
using S3Proxy.Forwarding;
using S3Proxy.Forwarding.Forms;
using S3Proxy.Limiting;
using S3Proxy.Origin;
using S3Proxy.Protocol;
using S3Proxy.Reloading;
using S3Proxy.Responding;
using S3Proxy.Routing;
using S3Proxy.Telemetry;
using S3Proxy.Telemetry.Requests;
using S3Proxy.Transport;

namespace S3Proxy.Pipeline;

/// <summary>
/// The way of a request on the data port, and the only place that lists its stages: hold its address to what it may have, parse, read the fields of a form, authenticate, hold its key to what it may have,
/// authorise, route, answer from memory, and hand the rest to YARP (README.md in this folder tells the same order).
/// </summary>
/// <remarks>Stateless but for its services; one for the whole process. The configuration is read once, before the first stage.</remarks>
internal sealed partial class DataPipeline(
    CurrentSnapshot current,
    OriginPlaces places,
    SigV4Authenticator authenticator,
    RequestLimits limits,
    ReadPolicy reads,
    ObjectResponder responder,
    ForwardingStage forwarding,
    ProxyMetrics metrics,
    RequestTelemetry telemetry,
    TimeProvider timeProvider,
    ILogger<DataPipeline> logger)
{
    /// <summary>Takes a request through the stages.</summary>
    /// <param name="http">The request.</param>
    /// <param name="connection">Told while it runs; null where connections are not known.</param>
    /// <param name="next">YARP.</param>
    public async Task InvokeAsync(HttpContext http, ListenerFeature? connection, RequestDelegate next)
    {
        long receivedAt = timeProvider.GetTimestamp();
        ProxySnapshot snapshot = current.Value;
        ClientAddress.Resolve(http, snapshot.Configuration.Listen.TrustedProxies);
        RequestObservation? observation = telemetry.Begin(http, snapshot, receivedAt);
        S3Request? s3 = null;
        ProxyRequest? request = null;
        RequestReason refusal = RequestReason.None;
        RequestPlaces taken = default;
        connection?.Enter();
        try
        {
            PostForm? form = null;
            if (TryEnterByAddress(http, snapshot, observation, ref taken, out S3Error? error) && Parse(http, snapshot, out s3, out error) && IsForm(s3, snapshot))
            {
                (form, error) = await ReadFormAsync(http, s3);
                s3 = form?.Request ?? s3;
            }

            if (error is null
                && Authenticate(http, snapshot, s3!, form, out AuthenticationResult caller, out error)
                && TryEnterByKey(http, snapshot, caller.Identity!, observation, ref taken, out error)
                && Authorize(caller.Identity!, s3!, out error)
                && Route(http, snapshot, s3!, caller, form, (receivedAt, observation), out request, out error))
            {
                RequestTelemetry.Allow(http, snapshot, observation, caller.Identity!);
                await AnswerAsync(http, request, receivedAt, next);
                return;
            }

            refusal = taken.Refusal != RequestReason.None ? taken.Refusal : RequestReasons.Of(error!.Code);
            await S3ErrorWriter.WriteAsync(http, error!, s3?.Resource ?? http.Request.Path.ToUriComponent());
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            refusal = RequestReason.ClientLeft;
            Log.ClientLeft(logger);
        }
#pragma warning disable CA1031 // The last resort of the data port: an error in S3's form, never the framework's page, and never a clean end of a started body.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            refusal = RequestReason.Internal;
            Log.Unexpected(logger, bug);
            await S3ErrorWriter.WriteAsync(http, new S3Error(S3ErrorCode.InternalError, "The proxy met an internal error. Please retry."), "/");
        }
        finally
        {
            taken.Leave();
            connection?.Leave();
            telemetry.End(http, s3, request, refusal, receivedAt, observation);
        }
    }

    private bool TryEnterByAddress(HttpContext http, ProxySnapshot snapshot, RequestObservation? observation, ref RequestPlaces taken, out S3Error? error)
    {
        if (limits.TryEnterByAddress(http, snapshot.Configuration.Limits, ref taken, out error))
        {
            return true;
        }

        RequestTelemetry.Allow(http, snapshot, observation, Identity.Anonymous);
        observation?.Trail?.Add("limit", ("scope", "address"), ("reason", taken.Refusal.ToWire()));
        return false;
    }

    private bool TryEnterByKey(HttpContext http, ProxySnapshot snapshot, Identity identity, RequestObservation? observation, ref RequestPlaces taken, out S3Error? error)
    {
        if (limits.TryEnterByKey(http, snapshot.Configuration.Limits, identity, ref taken, out error))
        {
            return true;
        }

        RequestTelemetry.Allow(http, snapshot, observation, identity);
        observation?.Trail?.Add("limit", ("scope", "key"), ("reason", taken.Refusal.ToWire()));
        return false;
    }

    private static bool Parse(HttpContext http, ProxySnapshot snapshot, [NotNullWhen(true)] out S3Request? s3, out S3Error? error)
    {
        string target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        return S3RequestParser.TryParse(http.Request.Method, target, http.Request.Host.Value ?? "", http.Request.Headers, snapshot.Configuration.Listen.HostSuffix, out s3, out error);
    }

    /// <summary>A form tells its key and its signature in the body. Where nobody may write, nobody needs to be read.</summary>
    private static bool IsForm(S3Request s3, ProxySnapshot snapshot) => s3.Operation == S3Operation.PostObject && snapshot.Configuration.Auth.Mode != AuthMode.Anonymous;

    private async Task<(PostForm? Form, S3Error? Error)> ReadFormAsync(HttpContext http, S3Request s3)
    {
        await PoolThread.Switch();
        (PostForm? form, S3Error? error) = await PostForm.ReadAsync(http, s3);
        if (error is not null)
        {
            metrics.UploadRefused(error.Code);
        }

        return (form, error);
    }

    private bool Authenticate(HttpContext http, ProxySnapshot snapshot, S3Request s3, PostForm? form, out AuthenticationResult caller, out S3Error? error)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        caller = form is null
            ? authenticator.Authenticate(s3, http.Request.Headers, snapshot.Configuration.Auth, now)
            : form.Authenticate(authenticator, snapshot.Configuration.Auth, now);
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

    private static bool Route(
        HttpContext http,
        ProxySnapshot snapshot,
        S3Request s3,
        AuthenticationResult caller,
        PostForm? form,
        (long ReceivedAt, RequestObservation? Observation) telling,
        [NotNullWhen(true)] out ProxyRequest? request,
        out S3Error? error)
    {
        request = null;
        error = null;
        BucketRoute? route = null;
        if (s3.Bucket is { } bucket && !snapshot.Router.TryRoute(bucket, out route))
        {
            error = new S3Error(S3ErrorCode.NoSuchBucket, "The specified bucket does not exist") { Details = [new("BucketName", bucket.Value)] };
            return false;
        }

        if ((route?.Origin ?? snapshot.Router.ServiceOrigin) is not { } origin)
        {
            error = new S3Error(S3ErrorCode.NotImplemented, "ListBuckets needs a default bucket (\"*\") or a single origin in the configuration.");
            return false;
        }

        request = new ProxyRequest
        {
            Snapshot = snapshot,
            S3 = s3,
            Identity = caller.Identity!,
            Payload = caller.Payload,
            ChunkSigning = caller.ChunkSigning,
            Form = form,
            Route = route,
            Origin = origin,
            Authority = AuthorityOf(http, snapshot, caller.Identity!),
            ReceivedAt = telling.ReceivedAt,
            Observation = telling.Observation,
        };
        return true;
    }

    private static string AuthorityOf(HttpContext http, ProxySnapshot snapshot, Identity identity)
    {
        if (!identity.IsJudgedByOrigin)
        {
            return "";
        }

        string host = http.Request.Host.Host.ToLowerInvariant();
        return snapshot.Configuration.Listen.HostSuffix is { } suffix && (host == suffix || host.EndsWith("." + suffix, StringComparison.Ordinal)) ? "" : http.Request.Host.Value!.ToLowerInvariant();
    }

    private async Task AnswerAsync(HttpContext http, ProxyRequest request, long receivedAt, RequestDelegate next)
    {
        if (request.Route is { } route)
        {
            request.Observation?.Trail?.Add("rule", ("bucket", route.ClientBucket.Value), ("mode", route.Configuration.Cache.Mode), ("ttl", route.Configuration.Cache.Ttl), ("coalescing", route.Configuration.Coalescing));
        }

        request.Read = reads.TryMake(http, request, receivedAt);
        if (request.Read is { } read && await responder.TryAnswerFromMemoryAsync(read))
        {
            return;
        }

        await PoolThread.Switch();
        http.Features.Set(request);
        http.SetEndpoint(places.Of(request.Origin).Endpoint);
        await forwarding.InvokeAsync(http, request, next);
    }
}
