using System.Security.Cryptography;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using S3Proxy.Testing.Origin.Auth;
using S3Proxy.Testing.Origin.Handlers;
using S3Proxy.Testing.Origin.Protocol;

namespace S3Proxy.Testing.Origin.Server;

/// <summary>The way of a request: parse, count, faults, signature, operation, response. Thread-safe.</summary>
internal sealed class OriginPipeline(
    EmbeddedOriginOptions options, OriginTraffic traffic, OriginFaults faults, OperationDispatcher operations, ResponseWriter writer)
{
    private const int RequestIdBytes = 8;

    private static readonly Dictionary<string, string> NoHeaders = [];

    private readonly SignatureVerifier _signatures = new(options);

    public async Task ProcessAsync(OriginExchange exchange)
    {
        HttpContext http = exchange.Http;
        OriginCall call = Parse(http, out OriginErrorCode? malformed);
        exchange.Record = call.Record;
        traffic.Begin(call.Record);
        call.Faults = faults.For(call.Record);
        try
        {
            exchange.Outcome = await AnswerAsync(call, malformed, http);
        }
        catch (Exception failure) when (failure is OperationCanceledException or ConnectionResetException or ConnectionAbortedException or BadHttpRequestException or IOException)
        {
            exchange.Outcome = OriginRequestOutcome.Aborted;
            http.Abort();
        }
    }

    private async Task<OriginRequestOutcome> AnswerAsync(OriginCall call, OriginErrorCode? malformed, HttpContext http)
    {
        CancellationToken aborted = http.RequestAborted;
        if (call.Faults.HoldOnArrival is { } gate)
        {
            await gate.PassAsync(aborted);
        }

        if (call.Faults.CutOnArrival)
        {
            return await ResponseWriter.CutAsync(http, call.Faults.CutKind);
        }

        OriginResponse response = malformed is { } code ? call.Error(code) : await ExecuteAsync(call, aborted);
        return await writer.WriteAsync(call, response, http);
    }

    private async ValueTask<OriginResponse> ExecuteAsync(OriginCall call, CancellationToken cancellationToken)
    {
        if (call.Faults.Status is { } status)
        {
            if (status < 400)
            {
                return OriginResponse.Empty(status);
            }

            OriginErrorCode typical = OriginErrors.TypicalFor(status);
            return OriginResponse.ForError(call, status, typical, OriginErrors.Describe(typical).Message, []);
        }

        AuthDecision decision = _signatures.Verify(call);
        if (decision.Refusal is { } refusal)
        {
            return call.Error(refusal, decision.Message, [.. decision.Details ?? []]);
        }

        call.IsAnonymous = decision.IsAnonymous;
        return await operations.ExecuteAsync(call, cancellationToken);
    }

    private OriginCall Parse(HttpContext http, out OriginErrorCode? malformed)
    {
        HttpRequest request = http.Request;
        string rawTarget = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        malformed = RequestTarget.Parse(rawTarget, request.Headers.Host.ToString(), options.HostSuffix, out RequestTarget target);
        OriginOperation operation = malformed is null
            ? OperationTable.Resolve(request.Method, target, request.Headers.ContainsKey(CopySource.Header))
            : OriginOperation.Unknown;
        string requestId = Convert.ToHexString(RandomNumberGenerator.GetBytes(RequestIdBytes));
        bool headersWanted = traffic.KeepsRecords || !faults.IsEmpty;
        OriginRequest record = new(
            traffic.NextSequence(), request.Method, rawTarget, headersWanted ? CopyOf(request.Headers) : NoHeaders)
        {
            Operation = operation,
            Bucket = target.Bucket,
            Key = target.Key,
            Range = request.Headers.TryGetValue("Range", out StringValues range) ? range.ToString() : null,
            ConnectionId = http.Connection.Id,
            RequestId = requestId,
        };
        return new OriginCall
        {
            Record = record,
            Method = request.Method,
            Target = target,
            Headers = request.Headers,
            Body = request.Body,
            RequestId = requestId,
        };
    }

    private static Dictionary<string, string> CopyOf(IHeaderDictionary headers)
    {
        Dictionary<string, string> copy = new(headers.Count, StringComparer.OrdinalIgnoreCase);
        foreach ((string name, StringValues values) in headers)
        {
            copy[name] = values.ToString();
        }

        return copy;
    }
}
