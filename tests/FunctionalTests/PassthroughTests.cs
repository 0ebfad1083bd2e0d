using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;
using S3Proxy.Configuration;
using S3Proxy.Testing;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>
/// Requirements A1 and A3: the origin, which checks every signature for itself here, judges each client's own request, and nobody is given a byte that it has not
/// been asked about.
/// </summary>
public sealed class PassthroughTests
{
    private static readonly TestProxyOptions Options = new()
    {
        Auth = AuthMode.Passthrough,
        OriginSide = origin => origin with { Retry = new OriginRetry { MaxRepeats = 0 } },
    };

    private readonly byte[] _bytes = Random(3 * Reads.MiB + 7);

    [Fact]
    public async Task A_hit_costs_one_question_without_a_body()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(Options);
        using SignedClient client = ClientOf(proxy);
        proxy.Origin.PutObject(TestProxy.Bucket, "model", _bytes);

        Assert.Equal(("MISS", HttpStatusCode.OK), await ReadAsync(client, "model"));
        Assert.Equal(("REVALIDATED", HttpStatusCode.OK), await ReadAsync(client, "model"));

        Assert.Equal([200, 304], proxy.Origin.Traffic.Requests.Select(request => request.Status));
        Assert.Equal(_bytes.Length, proxy.Origin.Traffic.BodyBytesSent);
    }

    [Fact]
    public async Task A_cached_object_is_refused_to_whom_the_origin_refuses_it()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(Options with { AuthorisationTtl = TimeSpan.FromMinutes(5) });
        using SignedClient client = ClientOf(proxy);
        using SignedClient thief = new(proxy.Data, TestProxy.OriginKeyId, "guessed");
        proxy.Origin.PutObject(TestProxy.Bucket, "model", _bytes);
        await ReadAsync(client, "model");

        using HttpResponseMessage refused = await thief.GetAsync("model");
        using HttpResponseMessage unsigned = await proxy.Client.GetAsync(new Uri($"/{TestProxy.Bucket}/model", UriKind.Relative));
        using HttpResponseMessage head = await thief.SendAsync(HttpMethod.Head, TestProxy.Bucket, "model");

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("<Code>SignatureDoesNotMatch</Code>", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, unsigned.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, head.StatusCode);
        Assert.Null(head.Headers.ETag);
    }

    [Fact]
    public async Task A_herd_costs_one_body_and_a_question_each()
    {
        const int Clients = 30;
        await using TestProxy proxy = await TestProxy.StartAsync(Options);
        using SignedClient client = ClientOf(proxy);
        using SignedClient thief = new(proxy.Data, TestProxy.OriginKeyId, "guessed");
        proxy.Origin.PutObject(TestProxy.Bucket, "model", _bytes);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { HoldBeforeHeaders = gate });

        Task<(string Outcome, HttpStatusCode Status)> first = ReadAsync(client, "model");
        await gate.ArrivedAsync(1);
        Task<(string Outcome, HttpStatusCode Status)>[] others = [.. Enumerable.Range(1, Clients - 1).Select(_ => ReadAsync(client, "model"))];
        Task<HttpResponseMessage> theft = thief.GetAsync("model");
        await proxy.WaitForParticipantsAsync("model", Clients + 1, proxy.Data.Authority);
        gate.Release();

        Assert.Equal(("MISS", HttpStatusCode.OK), await first);
        Assert.All(await Task.WhenAll(others), answer => Assert.Equal(("COALESCED", HttpStatusCode.OK), answer));
        using HttpResponseMessage refused = await theft;
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(1, proxy.Origin.Traffic.CountOf(request => request.Status == 200));
        Assert.Equal(Clients - 1, proxy.Origin.Traffic.CountOf(request => request.Status == 304));
        Assert.Equal(1, proxy.Origin.Traffic.CountOf(request => request.Status == 403));
    }

    /// <summary>A leader that is refused tells nobody else's fate.</summary>
    [Fact]
    public async Task Those_who_waited_for_a_refused_leader_ask_for_themselves()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(Options);
        using SignedClient client = ClientOf(proxy);
        using SignedClient thief = new(proxy.Data, TestProxy.OriginKeyId, "guessed");
        proxy.Origin.PutObject(TestProxy.Bucket, "model", _bytes);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { HoldOnArrival = gate });

        Task<HttpResponseMessage> theft = thief.GetAsync("model");
        await gate.ArrivedAsync(1);
        Task<(string Outcome, HttpStatusCode Status)> honest = ReadAsync(client, "model");
        await proxy.WaitForParticipantsAsync("model", 2, proxy.Data.Authority);
        gate.Release();

        using HttpResponseMessage refused = await theft;
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(("MISS", HttpStatusCode.OK), await honest);
    }

    [Fact]
    public async Task The_very_same_request_is_trusted_for_the_configured_time_until_a_write()
    {
        ManualTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TestProxy proxy = await TestProxy.StartAsync(Options with { AuthorisationTtl = TimeSpan.FromSeconds(30), ProxyTime = time });
        using SignedClient client = ClientOf(proxy);
        proxy.Origin.PutObject(TestProxy.Bucket, "model", _bytes);
        Uri one = Presigned(proxy, TimeSpan.FromHours(1));
        Uri other = Presigned(proxy, TimeSpan.FromHours(2));

        Assert.Equal("MISS", await ReadAsync(proxy, one, _bytes));
        Assert.Equal("HIT", await ReadAsync(proxy, one, _bytes));
        Assert.Equal("REVALIDATED", await ReadAsync(proxy, other, _bytes));

        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("REVALIDATED", await ReadAsync(proxy, one, _bytes));
        Assert.Equal("HIT", await ReadAsync(proxy, one, _bytes));

        byte[] changed = Random(1000);
        using (HttpResponseMessage put = await client.PutAsync("model", changed))
        {
            Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        }

        Assert.Equal("MISS", await ReadAsync(proxy, one, changed));
        Assert.Equal("HIT", await ReadAsync(proxy, one, changed));
    }

    /// <summary>Requirement I5. The event names the object, clients know it under the Host that they have signed.</summary>
    [Fact]
    public async Task Trust_ends_with_an_event_for_its_object_and_for_no_other()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(Options with { AuthorisationTtl = TimeSpan.FromMinutes(5) });
        proxy.Origin.PutObject(TestProxy.Bucket, "model", _bytes);
        proxy.Origin.PutObject(TestProxy.Bucket, "model-2", _bytes);
        Uri url = Presigned(proxy, TimeSpan.FromHours(1));
        Uri other = Presigned(proxy, TimeSpan.FromHours(1), "model-2");
        Assert.Equal(("MISS", "MISS"), (await ReadAsync(proxy, url, _bytes), await ReadAsync(proxy, other, _bytes)));
        byte[] changed = Random(1000);
        proxy.Origin.PutObject(TestProxy.Bucket, "model", changed);
        Assert.Equal(("HIT", "HIT"), (await ReadAsync(proxy, url, _bytes), await ReadAsync(proxy, other, _bytes)));

        const string Told = $$"""{"Records":[{"eventSource":"ceph:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"{{TestProxy.Bucket}}"},"object":{"key":"model"} } }]}""";
        using StringContent told = new(Told, Encoding.UTF8, "application/json");
        using HttpResponseMessage report = await proxy.Client.PostAsync(new Uri(proxy.Admin, "/admin/events"), told);

        Assert.Contains("\"invalidated\":1", await report.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(("MISS", "HIT"), (await ReadAsync(proxy, url, changed), await ReadAsync(proxy, other, _bytes)));
    }

    [Fact]
    public async Task Trust_ends_with_the_signature()
    {
        ManualTimeProvider time = new(TimeProvider.System.GetUtcNow());
        await using TestProxy proxy = await TestProxy.StartAsync(Options with { AuthorisationTtl = TimeSpan.FromHours(1), ProxyTime = time, OriginTime = time });
        proxy.Origin.PutObject(TestProxy.Bucket, "model", _bytes);
        Uri url = Presigned(proxy, TimeSpan.FromSeconds(60));
        Assert.Equal("MISS", await ReadAsync(proxy, url, _bytes));
        Assert.Equal("HIT", await ReadAsync(proxy, url, _bytes));

        time.Advance(TimeSpan.FromSeconds(61));
        using HttpResponseMessage late = await proxy.Client.GetAsync(url);

        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    /// <summary>The origin may know another bucket by the same path under another Host; the two must not meet in the cache.</summary>
    [Fact]
    public async Task Another_host_is_another_place()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(Options with { AuthorisationTtl = TimeSpan.FromMinutes(5) });
        proxy.Origin.PutObject(TestProxy.Bucket, "model", _bytes);
        Uri url = Presigned(proxy, TimeSpan.FromHours(1));
        Assert.Equal("MISS", await ReadAsync(proxy, url, _bytes));

        using HttpRequestMessage moved = new(HttpMethod.Get, url);
        moved.Headers.Host = "elsewhere.example";
        using HttpResponseMessage refused = await proxy.Client.SendAsync(moved);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("elsewhere.example", proxy.Origin.Traffic.Requests[^1].Headers["Host"]);
        Assert.Null(proxy.Origin.Traffic.Requests[^1].IfNoneMatch);
    }

    [Theory]
    [InlineData(0, 999_999)]
    [InlineData(1_048_570, 2_097_160)]
    public async Task Ranges_that_are_not_signed_share_slices(long first, long last)
    {
        await using TestProxy proxy = await TestProxy.StartAsync(Options);
        proxy.Origin.PutObject(TestProxy.Bucket, "model", _bytes);
        Uri url = Presigned(proxy, TimeSpan.FromHours(1));

        Assert.Equal("MISS", await ReadAsync(proxy, url, _bytes, first, last));
        Assert.Equal("REVALIDATED", await ReadAsync(proxy, url, _bytes, first, last));
    }

    /// <summary>The .NET SDK signs its Range, as most do: the origin answers for that range alone, so only what is cached whole can stand in.</summary>
    [Fact]
    public async Task A_signed_range_is_passed_on_until_its_slices_are_cached()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(Options);
        using SignedClient client = ClientOf(proxy);
        using AmazonS3Client sdk = SdkClients.Create(proxy.Data, TestProxy.OriginKeyId, TestProxy.OriginSecret);
        proxy.Origin.PutObject(TestProxy.Bucket, "model", _bytes);

        await ReadRangeAsync(sdk);
        await ReadAsync(client, "model");
        await ReadRangeAsync(sdk);

        Assert.Equal([206, 200, 304], proxy.Origin.Traffic.Requests.Select(request => request.Status));
        Assert.All([0, 2], index => Assert.Equal("bytes=10-2000000", proxy.Origin.Traffic.Requests[index].Range));
    }

    [Fact]
    public async Task Writes_reach_the_origin_as_they_were_signed_and_are_true_at_once()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(Options with { AuthorisationTtl = TimeSpan.FromMinutes(5) });
        using SignedClient client = ClientOf(proxy);
        using SignedClient thief = new(proxy.Data, TestProxy.OriginKeyId, "guessed");
        proxy.Origin.PutObject(TestProxy.Bucket, "a b+c", [1]);
        Assert.Equal([1], await client.ReadAsync("a b+c"));

        using HttpResponseMessage refused = await thief.PutAsync("a b+c", [2]);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal([1], await client.ReadAsync("a b+c"));
        using HttpResponseMessage put = await client.PutAsync("a b+c", [3]);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal([3], await client.ReadAsync("a b+c"));
        using HttpResponseMessage deleted = await client.SendAsync(HttpMethod.Delete, TestProxy.Bucket, "a b+c");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using HttpResponseMessage gone = await client.GetAsync("a b+c");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task An_overwrite_at_the_origin_is_seen_at_once()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(Options);
        using SignedClient client = ClientOf(proxy);
        proxy.Origin.PutObject(TestProxy.Bucket, "model", _bytes);
        await ReadAsync(client, "model");
        byte[] changed = Random(2 * Reads.MiB);
        proxy.Origin.PutObject(TestProxy.Bucket, "model", changed);

        Assert.Equal(changed, await client.ReadAsync("model"));
        Assert.Equal(2, proxy.Origin.Traffic.GetCount);
    }

    private static byte[] Random(int length)
    {
        byte[] bytes = new byte[length];
        System.Random.Shared.NextBytes(bytes);
        return bytes;
    }

    private static SignedClient ClientOf(TestProxy proxy) => new(proxy.Data, TestProxy.OriginKeyId, TestProxy.OriginSecret);

    private static Uri Presigned(TestProxy proxy, TimeSpan lifetime, string key = "model") =>
        PresignedUrl.Create(proxy.Data, key, TimeProvider.System.GetUtcNow(), lifetime, TestProxy.OriginKeyId, TestProxy.OriginSecret);

    private async Task<(string Outcome, HttpStatusCode Status)> ReadAsync(SignedClient client, string key)
    {
        using HttpResponseMessage response = await client.GetAsync(key);
        Assert.Equal(_bytes, await response.Content.ReadAsByteArrayAsync());
        return (response.Headers.GetValues("x-cache").Single(), response.StatusCode);
    }

    private static async Task<string> ReadAsync(TestProxy proxy, Uri url, byte[] expected, long first = 0, long? last = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url);
        if (last is not null)
        {
            request.Headers.Range = new RangeHeaderValue(first, last);
        }

        using HttpResponseMessage response = await proxy.Client.SendAsync(request);
        Assert.Equal(expected[(int)first..(int)((last ?? expected.Length - 1) + 1)], await response.Content.ReadAsByteArrayAsync());
        return response.Headers.GetValues("x-cache").Single();
    }

    private async Task ReadRangeAsync(AmazonS3Client sdk)
    {
        using GetObjectResponse response = await sdk.GetObjectAsync(new GetObjectRequest { BucketName = TestProxy.Bucket, Key = "model", ByteRange = new ByteRange(10, 2_000_000) });
        using MemoryStream body = new();
        await response.ResponseStream.CopyToAsync(body);
        Assert.Equal(_bytes[10..2_000_001], body.ToArray());
    }
}
