using System.Text;
using System.Xml.Linq;
using S3Proxy.Configuration;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests.Writes;

/// <summary>A proxy, its origin, and one versioned bucket, for what writes do to the cache. Each case takes a key of its own.</summary>
internal sealed class WriteBench : IAsyncDisposable
{
    /// <summary>All that changes something.</summary>
    public static readonly RequestMatch AnyWrite = new() { Where = static request => request.Method is "PUT" or "POST" or "DELETE" };

    private const string StateHeader = "x-amz-meta-state";
    private int _keys;

    private WriteBench(TestProxy proxy) => Proxy = proxy;

    public TestProxy Proxy { get; }

    public string Bucket { get; } = TestProxy.Bucket;

    public static async Task<WriteBench> StartAsync(OriginTimeouts? timeouts = null) =>
        new(await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4, Versioned = true, Timeouts = timeouts ?? new OriginTimeouts() }));

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();

    /// <summary>Puts an object at the origin and reads it until it is a hit.</summary>
    public async Task<string> PutCachedAsync()
    {
        string key = $"key-{Interlocked.Increment(ref _keys)}";
        PutAtOrigin(key, "first");
        await ReadAsync(key);

        // The last byte may be out before its flight has ended, and who asks then joins it.
        (string Outcome, string Body) seen = await OutcomeAsync(key);
        for (int reads = 1; reads < 100 && seen.Outcome == "COALESCED"; reads++)
        {
            seen = await OutcomeAsync(key);
        }

        Assert.Equal(("HIT", "first"), seen);
        return key;
    }

    /// <summary>Another object, to copy from.</summary>
    public string PutOther()
    {
        PutAtOrigin("other", "other");
        return "other";
    }

    /// <summary>Changes what reads of the object tell, behind the proxy.</summary>
    public void ChangeAtOrigin(string key) => Proxy.Origin.ReplaceHeaders(Bucket, key, new Dictionary<string, string> { [StateHeader] = "second" });

    public async Task<(string UploadId, string ETag)> StartUploadAsync(string key)
    {
        using HttpResponseMessage created = await Proxy.Direct.SendAsync(HttpMethod.Post, Bucket, key, "uploads=");
        XDocument answer = XDocument.Parse(await created.Content.ReadAsStringAsync());
        string uploadId = answer.Root!.Elements().Single(element => element.Name.LocalName == "UploadId").Value;
        using HttpResponseMessage part = await Proxy.Direct.SendAsync(
            HttpMethod.Put, Bucket, key, $"partNumber=1&uploadId={uploadId}", body: new ByteArrayContent("of parts"u8.ToArray()));
        return (uploadId, part.Headers.ETag!.ToString());
    }

    /// <summary>Sends the request of a row through the proxy.</summary>
    public async Task<int> SendAsync(WriteRow row, string key, WriteRequest request)
    {
        using HttpResponseMessage response = await Proxy.Signed.SendAsync(
            row.Method, Bucket, row.OnBucket ? null : key, request.Query ?? row.Query, request.Headers, request.Content());
        await response.Content.ReadAsByteArrayAsync();
        return (int)response.StatusCode;
    }

    /// <summary>True when a read through the proxy asked the origin; it must have told what the origin tells.</summary>
    public async Task<bool> NextReadAsksAsync(string key)
    {
        long asked = Proxy.Origin.Traffic.GetCount;
        string seen = await ReadAsync(key);
        bool hasAsked = Proxy.Origin.Traffic.GetCount > asked;
        using HttpResponseMessage direct = await Proxy.Direct.GetAsync(key);
        Assert.Equal(await DescribeAsync(direct), seen);
        return hasAsked;
    }

    /// <summary>A read through the proxy: <c>x-cache</c> and body.</summary>
    public async Task<(string Outcome, string Body)> OutcomeAsync(string key)
    {
        using HttpResponseMessage response = await Proxy.Signed.GetAsync(key);
        return (Reads.OutcomeOf(response), await response.Content.ReadAsStringAsync());
    }

    /// <summary>A read through the proxy: what of it an operation may change.</summary>
    public async Task<string> ReadAsync(string key)
    {
        using HttpResponseMessage response = await Proxy.Signed.GetAsync(key);
        return await DescribeAsync(response);
    }

    private static async Task<string> DescribeAsync(HttpResponseMessage response)
    {
        string state = response.Headers.TryGetValues(StateHeader, out IEnumerable<string>? values) ? string.Join(',', values) : "";
        return response.IsSuccessStatusCode
            ? $"{(int)response.StatusCode} {response.Headers.ETag} {state} {await response.Content.ReadAsStringAsync()}"
            : $"{(int)response.StatusCode}";
    }

    private void PutAtOrigin(string key, string content) =>
        Proxy.Origin.PutObject(Bucket, key, Encoding.UTF8.GetBytes(content), new Dictionary<string, string> { [StateHeader] = "first" });
}
