using System.Globalization;
using System.Net;
using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Origin.Signing;
using S3Proxy.Protocol;
using S3Proxy.Telemetry;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace S3Proxy.Origin;

/// <summary>
/// Sends shared reads on the invoker and the destinations of the origin's YARP cluster, never on a client's context. A destination that does not
/// answer is reported, and the next one is asked (requirement R1).
/// </summary>
/// <remarks>Thread-safe; one for the whole process. The clusters are looked up late because YARP makes them with transforms that need this reader.</remarks>
internal sealed class OriginReader(Lazy<IProxyStateLookup> clusters, DestinationReports reports, OriginSigning signing, ProxyMetrics metrics, TimeProvider timeProvider) : IOriginReader
{
    private int _turn;

    /// <inheritdoc/>
    public async Task<OriginAnswer> SendAsync(OriginRead read, CancellationToken cancellationToken)
    {
        read = read.AsSent();
        OriginConfiguration origin = read.Target.Bucket.Origin;
        if (!clusters.Value.TryGetCluster(origin.Name, out ClusterState? cluster))
        {
            throw new FetchException(FetchFailure.Unreachable, $"Origin {origin.Name} is not configured any more.");
        }

        IReadOnlyList<DestinationState> destinations = cluster.DestinationsState.AvailableDestinations;
        FetchException? failure = null;
        int start = StartIndex(destinations, read.Endpoint);
        for (int i = 0; i < destinations.Count; i++)
        {
            DestinationState destination = destinations[(start + i) % destinations.Count];
            try
            {
                return await SendToAsync(read, origin, cluster, destination, cancellationToken);
            }
            catch (FetchException error) when (error.Failure is FetchFailure.Unreachable or FetchFailure.TimedOut)
            {
                reports.Failed(cluster, destination);
                metrics.OriginFailed(origin.Name, error.Failure);
                failure = error;
                if (error.Failure == FetchFailure.TimedOut)
                {
                    break;
                }
            }
        }

        throw failure ?? new FetchException(FetchFailure.Unreachable, $"Origin {origin.Name} has no endpoint.");
    }

    /// <inheritdoc/>
    public void ReportBroken(OriginAnswer answer)
    {
        if (answer.Sender is (ClusterState cluster, DestinationState destination))
        {
            reports.Failed(cluster, destination);
            metrics.OriginFailed(cluster.ClusterId, FetchFailure.Broken);
        }
    }

    private int StartIndex(IReadOnlyList<DestinationState> destinations, string? endpoint)
    {
        for (int i = 0; endpoint is not null && i < destinations.Count; i++)
        {
            if (string.Equals(destinations[i].DestinationId, endpoint, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return destinations.Count == 0 ? 0 : (int)((uint)Interlocked.Increment(ref _turn) % (uint)destinations.Count);
    }

    private async Task<OriginAnswer> SendToAsync(OriginRead read, OriginConfiguration origin, ClusterState cluster, DestinationState destination, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = NewMessage(read, origin, destination);
        using CancellationTokenSource firstByte = new(origin.Timeouts.FirstByte, timeProvider);
        using CancellationTokenSource bounded = CancellationTokenSource.CreateLinkedTokenSource(firstByte.Token, cancellationToken);
        HttpResponseMessage? response = null;
        try
        {
            await signing.SignAsync(message, origin, PayloadDeclaration.UnsignedValue, bounded.Token);
            response = await cluster.Model.HttpClient.SendAsync(message, bounded.Token);
            metrics.OriginAnswered(origin.Name, read.Method, (int)response.StatusCode);
            HeaderField[] headers = HeadersOf(response);
            Stream body = read.Method == HttpMethod.Head ? Stream.Null : await response.Content.ReadAsStreamAsync(bounded.Token);
            return new OriginAnswer((int)response.StatusCode, headers, new MeteredStream(body, origin.Name, metrics), response, (cluster, destination));
        }
        catch (OriginCredentialsException error)
        {
            throw new FetchException(FetchFailure.NoCredentials, error.Message, error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            response?.Dispose();
            throw new FetchException(FetchFailure.TimedOut, $"{destination.Model.Config.Address} did not answer within {origin.Timeouts.FirstByte}.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            response?.Dispose();
            throw new FetchException(FetchFailure.Unreachable, $"{destination.Model.Config.Address} could not be asked: {error.Message}", error);
        }
        catch
        {
            response?.Dispose();
            throw;
        }
    }

    private static HttpRequestMessage NewMessage(OriginRead read, OriginConfiguration origin, DestinationState destination)
    {
        string query = read.VersionId is { } versionId ? "versionId=" + S3Uri.EncodeQueryValue(versionId) : "";
        Uri endpoint = new(destination.Model.Config.Address);
        HttpRequestMessage message = new(read.Method, OriginUri.Build(origin, endpoint, read.Target.Id.Bucket, read.Target.Id.Key, query))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        // The bytes as they are stored, and whatever the origin knows of their checksums.
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        message.Headers.TryAddWithoutValidation("x-amz-checksum-mode", "ENABLED");
        AddIfSet(message, "Range", read.Range);
        AddIfSet(message, "If-Match", read.IfMatch);
        AddIfSet(message, "If-None-Match", read.IfNoneMatch);
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
