using System.Globalization;
using System.Net;
using Microsoft.Extensions.Primitives;
using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Origin.Signing;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;
using S3Proxy.Telemetry;
using S3Proxy.Transport;
using Yarp.ReverseProxy.Model;

namespace S3Proxy.Origin;

/// <summary>Sends one read to one endpoint, signed, on the HTTP client of its cluster and never on a client's context. Thread-safe.</summary>
internal sealed class EndpointSender(OriginSigning signing, ProxyMetrics metrics, TimeProvider timeProvider)
{
    /// <summary>Sends a read and waits for its headers. The caller disposes the answer.</summary>
    /// <exception cref="FetchException">The endpoint could not be asked, or did not answer within the origin's time for the first byte.</exception>
    public async Task<OriginAnswer> SendAsync(OriginRead read, OriginConfiguration origin, ClusterState cluster, DestinationState destination, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = NewMessage(read, origin, destination);
        using CancellationTokenSource firstByte = new(origin.Timeouts.FirstByte, timeProvider);
        using CancellationTokenSource bounded = CancellationTokenSource.CreateLinkedTokenSource(firstByte.Token, cancellationToken);
        OriginExchange exchange = new(origin.Name, metrics, timeProvider, read.Requester.Span);
        HttpResponseMessage? response = null;
        try
        {
            await PoolThread.Switch();
            if (read.Requester.Proof is null)
            {
                await signing.SignAsync(message, origin, PayloadDeclaration.UnsignedValue, bounded.Token);
            }

            exchange.Propagate(message, read.Requester.Proof is { } proof && (proof.Signs("traceparent") || proof.Signs("tracestate")));
            response = await cluster.Model.HttpClient.SendAsync(message, bounded.Token);
            exchange.Answered((int)response.StatusCode);
            await PoolThread.Switch();
            metrics.OriginAnswered(origin.Name, read.Method, (int)response.StatusCode);
            HeaderField[] headers = HeadersOf(response);
            Stream body = read.Method == HttpMethod.Head ? Stream.Null : await response.Content.ReadAsStreamAsync(bounded.Token);
            OriginAnswer answer = new((int)response.StatusCode, headers, new MeteredStream(body, origin.Name, metrics), response, (cluster, destination));
            answer.OnDispose(exchange);
            return answer;
        }
        catch (OriginCredentialsException error)
        {
            exchange.Failed(MetricTags.NameOf(FetchFailure.NoCredentials));
            throw new FetchException(FetchFailure.NoCredentials, error.Message, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            response?.Dispose();
            exchange.Failed(MetricTags.NameOf(firstByte.IsCancellationRequested ? FetchFailure.TimedOut : FetchFailure.Unreachable));

            // The handler cancels, too, when no connection came within its own time. Such an endpoint has not been asked, and another one may be.
            throw firstByte.IsCancellationRequested
                ? new FetchException(FetchFailure.TimedOut, $"{destination.Model.Config.Address} did not answer within {origin.Timeouts.FirstByte}.")
                : new FetchException(FetchFailure.Unreachable, $"{destination.Model.Config.Address} took no connection within {origin.Timeouts.Connect}.", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            response?.Dispose();
            exchange.Failed(MetricTags.NameOf(FetchFailure.Unreachable));
            throw new FetchException(FetchFailure.Unreachable, $"{destination.Model.Config.Address} could not be asked: {FailureReason.RootOf(error)}", error);
        }
        catch
        {
            response?.Dispose();
            exchange.Failed(OriginExchange.Cancelled);
            throw;
        }
    }

    private static HttpRequestMessage NewMessage(OriginRead read, OriginConfiguration origin, DestinationState destination)
    {
        Uri endpoint = new(destination.Model.Config.Address);
        HttpRequestMessage message = read.Requester.Proof is { } proof ? InNameOf(proof, endpoint) : InOwnName(read, origin, endpoint);
        message.Version = HttpVersion.Version11;
        message.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        AddIfSet(message, "Range", read.Range);
        AddIfSet(message, "If-Match", read.IfMatch);
        AddIfSet(message, "If-None-Match", read.IfNoneMatch);
        return message;
    }

    /// <summary>A request that the proxy signs: for the bytes as they are stored, and whatever the origin knows of their checksums.</summary>
    private static HttpRequestMessage InOwnName(OriginRead read, OriginConfiguration origin, Uri endpoint)
    {
        if (read.ListQuery is { } list)
        {
            return new HttpRequestMessage(read.Method, OriginUri.Build(origin, endpoint, read.Target.Id.Bucket, originKey: null, list));
        }

        string query = read.VersionId is { } versionId ? "versionId=" + S3Uri.EncodeQueryValue(versionId) : "";
        HttpRequestMessage message = new(read.Method, OriginUri.Build(origin, endpoint, read.Target.Id.Bucket, read.Target.Id.Key, query));
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        message.Headers.TryAddWithoutValidation("x-amz-checksum-mode", "ENABLED");
        return message;
    }

    /// <summary>A client's own request, as it signed it (requirement A3). What is added to it later is not among what it signed.</summary>
    private static HttpRequestMessage InNameOf(ClientProof proof, Uri endpoint)
    {
        HttpRequestMessage message = new(new HttpMethod(proof.Method), OriginUri.Verbatim(endpoint, proof.Target));
        message.Headers.Host = proof.Host;
        foreach ((string name, StringValues values) in proof.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        if (!proof.Signs("Accept-Encoding"))
        {
            message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        }

        return message;
    }

    private static void AddIfSet(HttpRequestMessage message, string name, string? value)
    {
        if (value is not null)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static HeaderField[] HeadersOf(HttpResponseMessage response)
    {
        List<HeaderField> headers = [];
        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in response.Headers.NonValidated)
        {
            headers.Add(new HeaderField(name, values.Count == 1 ? values.ToString() : values.ToArray()));
        }

        foreach ((string name, System.Net.Http.Headers.HeaderStringValues values) in response.Content.Headers.NonValidated)
        {
            headers.Add(new HeaderField(name, values.Count == 1 ? values.ToString() : values.ToArray()));
        }

        if (response.Content.Headers.ContentLength is { } length && !response.Content.Headers.NonValidated.Contains("Content-Length"))
        {
            headers.Add(new HeaderField("Content-Length", length.ToString(CultureInfo.InvariantCulture)));
        }

        return [.. headers];
    }
}
