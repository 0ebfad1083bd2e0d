using System.Globalization;
using System.Runtime.CompilerServices;
using System.Xml;
using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.Protocol.SigV4;
using S3Proxy.Routing;

namespace S3Proxy.Warming;

/// <summary>
/// Lists a bucket at its origin, page by page, in the proxy's own name: through the same slots, endpoints, retries and breakers as its reads, behind what clients wait for.
/// Thread-safe.
/// </summary>
internal sealed class BucketListing(IOriginReader origin, TimeProvider timeProvider)
{
    /// <summary>Everything whose key at the origin begins with the bucket's own prefix and then <paramref name="prefix"/>, in the origin's order.</summary>
    /// <exception cref="WarmingException">The origin refuses the listing, or what it answers is none.</exception>
    /// <exception cref="FetchException">The origin could not be asked.</exception>
    public async IAsyncEnumerable<ListedObject> ListAsync(BucketRoute route, string prefix, string client, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            ListingPage page = await ReadPageAsync(route, route.Prefix + prefix, client, token, cancellationToken);
            foreach (ListedObject one in page.Objects)
            {
                yield return one;
            }

            if (page.NextToken is not null && (page.Objects.Count == 0 || string.Equals(page.NextToken, token, StringComparison.Ordinal)))
            {
                throw new WarmingException("The origin's listing does not come to an end.");
            }

            token = page.NextToken;
        }
        while (token is not null);
    }

    private async Task<ListingPage> ReadPageAsync(BucketRoute route, string prefix, string client, string? token, CancellationToken cancellationToken)
    {
        OriginRead read = new()
        {
            Target = new ObjectTarget(new ObjectId(route.Origin.Identity, route.OriginBucket, ""), route.Configuration),
            Requester = new Requester(client, FetchClass.ReadAhead),
            Method = HttpMethod.Get,
            ListQuery = QueryOf(prefix, token),
        };
        using OriginAnswer answer = await origin.SendAsync(read, cancellationToken);
        if (answer.Status != 200)
        {
            throw new WarmingException(string.Create(CultureInfo.InvariantCulture, $"The origin answered {answer.Status} to the listing of {route.OriginBucket}; the proxy's own credentials need s3:ListBucket there."));
        }

        using CancellationTokenSource limit = new(route.Origin.Timeouts.NoProgress, timeProvider);
        using CancellationTokenRegistration ended = limit.Token.UnsafeRegister(static answer => ((OriginAnswer)answer!).Body.Dispose(), answer);
        using CancellationTokenRegistration left = cancellationToken.UnsafeRegister(static answer => ((OriginAnswer)answer!).Body.Dispose(), answer);
        try
        {
            return await ListingPage.ReadAsync(answer.Body);
        }
        catch (Exception error) when (error is XmlException or IOException or HttpRequestException or ObjectDisposedException or InvalidOperationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new WarmingException($"The origin's listing of {route.OriginBucket} could not be read: {error.Message}", error);
        }
    }

    private static string QueryOf(string prefix, string? token)
    {
        List<KeyValuePair<string, string>> items = [new("list-type", "2"), new("encoding-type", "url"), new("prefix", prefix)];
        if (token is not null)
        {
            items.Add(new("continuation-token", token));
        }

        return CanonicalQuery.Build(items);
    }
}
