using System.Xml.Linq;
using S3Proxy.Configuration;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests;

/// <summary>An origin that breaks off, lies or refuses; requirements F6, F8, S9, C6.</summary>
public sealed class OriginFaultTests
{
    /// <summary>Pingora #932, ASP.NET #52310: a truncated body must never look whole, nor be kept.</summary>
    [Theory]
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Close)]
    public async Task A_body_that_keeps_breaking_off_fails_at_the_client_too(CutKind kind)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "cut", 8 * Reads.MiB, 1);
        FaultRule cuts = proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { CutAfterBodyBytes = 10_000, CutKind = kind });

        using HttpResponseMessage response = await Reads.OpenAsync(proxy, "cut");
        Assert.True(!response.IsSuccessStatusCode || await Reads.BreaksOffAsync(response, content));

        cuts.Dispose();
        await Reads.WholeAsync(proxy, "cut", content);
    }

    [Theory]
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Close)]
    public async Task One_cut_is_resumed_at_the_byte_reached(CutKind kind)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "cut", 8 * Reads.MiB, 1);
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { CutAfterBodyBytes = 3_000_001, CutKind = kind });

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Reads.WholeAsync(proxy, "cut", content)));

        await proxy.Origin.Traffic.WaitForIdleAsync();
        Assert.Equal(2, proxy.Origin.Traffic.GetCount);
        Assert.Equal(content.ETag, proxy.Origin.Traffic.Requests[1].IfMatch);
        Assert.InRange(proxy.Origin.Traffic.BodyBytesSent, content.Length, content.Length + Reads.MiB);
    }

    [Fact]
    public async Task A_body_ended_early_without_a_length_is_never_taken_for_the_object()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Coalescing = new CoalescingConfiguration { UncacheableTtl = TimeSpan.Zero } });
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "short", 2 * Reads.MiB, 1);
        FaultRule fault = proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { OmitContentLength = true });
        using (HttpResponseMessage unsized = await Reads.OpenAsync(proxy, "short"))
        {
            Assert.Equal("BYPASS", Reads.OutcomeOf(unsized));
            await using Stream body = await unsized.Content.ReadAsStreamAsync();
            Assert.True((await BodyCheck.VerifyAsync(body, content)).IsExact);
        }

        fault.Dispose();
        Assert.Equal("MISS", await Reads.WholeAsync(proxy, "short", content));
    }

    [Theory]
    [InlineData("bytes 0-99/100")]
    [InlineData("bytes 5-4/3")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task A_content_range_that_does_not_fit_is_an_error_and_never_bytes(string contentRange)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "range", 4 * Reads.MiB, 1);
        FaultRule fault = proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { ContentRange = contentRange });
        using (HttpResponseMessage cold = await Reads.OpenAsync(proxy, "range", 2 * Reads.MiB, 2 * Reads.MiB + 9))
        {
            await AssertErrorAsync(cold, 500, "InternalError");
        }

        fault.Dispose();
        await Reads.RangeAsync(proxy, "range", content, 0, 9);
        fault = proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { ContentRange = contentRange });
        using (HttpResponseMessage hot = await Reads.OpenAsync(proxy, "range", 2 * Reads.MiB, 2 * Reads.MiB + 9))
        {
            await AssertErrorAsync(hot, 500, "InternalError");
        }

        fault.Dispose();
        await Reads.RangeAsync(proxy, "range", content, 2 * Reads.MiB, 2 * Reads.MiB + 9);
    }

    /// <summary>alluxio #18753: bytes labelled as other ones than were asked for are not used for those.</summary>
    [Fact]
    public async Task A_later_run_with_a_shifted_content_range_is_refused()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "range", 4 * Reads.MiB, 1);
        await Reads.RangeAsync(proxy, "range", content, 0, 9);
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { ContentRange = $"bytes {Reads.MiB}-{(2 * Reads.MiB) - 1}/{content.Length}" });

        using HttpResponseMessage response = await Reads.OpenAsync(proxy, "range", 2 * Reads.MiB, 2 * Reads.MiB + 9);
        await AssertErrorAsync(response, 500, "InternalError");
    }

    [Fact]
    public async Task Another_etag_on_a_later_run_is_another_version()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "etag", 4 * Reads.MiB, 1);
        await Reads.RangeAsync(proxy, "etag", content, 0, 9);
        proxy.Origin.Faults.Add(RequestMatch.AnyGet.Nth(1), new FaultEffects { IgnoreConditions = true, ETag = "\"other\"" });

        await Reads.RangeAsync(proxy, "etag", content, 2 * Reads.MiB, 2 * Reads.MiB + 9);
        Assert.Equal(3, proxy.Origin.Traffic.GetCount);
    }

    [Fact]
    public async Task An_origin_that_ignores_range_still_gives_right_ranges()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "ignored", 6 * Reads.MiB, 1);
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { IgnoreRange = true });

        await Reads.RangeAsync(proxy, "ignored", content, 4 * Reads.MiB + 5, 4 * Reads.MiB + 500);
        await Reads.RangeAsync(proxy, "ignored", content, 10, 20);
        await Reads.RangeAsync(proxy, "ignored", content, content.Length - 7, content.Length - 1);
        await Reads.WholeAsync(proxy, "ignored", content);
    }

    public static TheoryData<string> UnshareableAnswers => ["weak", "absent", "vary", "cookie"];

    [Theory]
    [MemberData(nameof(UnshareableAnswers))]
    public async Task What_may_not_be_shared_is_served_to_each_for_itself(string kind)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "alone", 3 * Reads.MiB, 1);
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, kind switch
        {
            "weak" => new FaultEffects { WeakETag = true },
            "absent" => new FaultEffects { ETag = "" },
            "vary" => new FaultEffects { Headers = new Dictionary<string, string> { ["Vary"] = "Accept-Language" } },
            _ => new FaultEffects { Headers = new Dictionary<string, string> { ["Set-Cookie"] = "a=b" } },
        });

        string[] outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Reads.WholeAsync(proxy, "alone", content)));
        Assert.All(outcomes, outcome => Assert.Equal("BYPASS", outcome));
        Assert.Equal("BYPASS", await Reads.RangeAsync(proxy, "alone", content, Reads.MiB, Reads.MiB + 9));
    }

    [Fact]
    public async Task An_origin_that_refuses_connections_is_503_until_it_is_back()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "down", Reads.MiB, 1);
        await proxy.Origin.StopListeningAsync();

        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Reads.OpenAsync(proxy, "down")));
        foreach (HttpResponseMessage answer in answers)
        {
            await AssertErrorAsync(answer, 503, "ServiceUnavailable");
            answer.Dispose();
        }

        await proxy.Origin.ResumeListeningAsync();
        await Reads.WholeAsync(proxy, "down", content);
    }

    /// <summary>What is hot goes on to be served while the origin is away.</summary>
    [Fact]
    public async Task Hits_need_no_origin()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "hot", 2 * Reads.MiB, 1);
        await Reads.WholeAsync(proxy, "hot", content);
        await proxy.Origin.StopListeningAsync();

        Assert.Equal("HIT", await Reads.WholeAsync(proxy, "hot", content));
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_error_of_the_origin_passes_unchanged(int status)
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "error", 100, 1);
        proxy.Origin.Faults.Add(RequestMatch.Any, new FaultEffects
        {
            Status = status,
            Headers = new Dictionary<string, string> { ["x-amz-meta-of-the-error"] = "kept", ["Retry-After"] = "7" },
        });

        using HttpResponseMessage direct = await proxy.Direct.GetAsync("error");
        using HttpResponseMessage proxied = await Reads.OpenAsync(proxy, "error");
        using HttpResponseMessage head = await proxy.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, $"/{TestProxy.Bucket}/error"));

        AnswerComparison.AssertSame(await Answer.OfAsync(direct), await Answer.OfAsync(proxied), $"GET answered {status}");
        Assert.Equal(status, (int)head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_remembered_404_ends_with_a_put_through_the_proxy()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Auth = AuthMode.SigV4,
            Rule = new CacheRule { Mode = CacheMode.Ttl, Ttl = TimeSpan.FromMinutes(10), NegativeTtl = TimeSpan.FromMinutes(10) },
        });
        for (int i = 0; i < 3; i++)
        {
            using HttpResponseMessage missing = await proxy.Signed.GetAsync("later");
            await AssertErrorAsync(missing, 404, "NoSuchKey");
        }

        Assert.Equal(1, proxy.Origin.Traffic.GetCount);
        (await proxy.Signed.PutAsync("later", "here"u8.ToArray())).Dispose();
        Assert.Equal("here"u8.ToArray(), await proxy.Signed.ReadAsync("later"));
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, int status, string code)
    {
        string body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode} {body}");
        XElement error = XDocument.Parse(body).Root!;
        Assert.Equal(code, error.Element("Code")?.Value);
        Assert.False(string.IsNullOrEmpty(error.Element("RequestId")?.Value));
        Assert.Equal("application/xml", response.Content.Headers.ContentType?.MediaType);
    }
}
