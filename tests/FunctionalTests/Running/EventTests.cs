using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>Requirement I5: what was written past the proxy is seen once the origin has told of it.</summary>
public sealed class EventTests
{
    private const string Renamed = """
        origins: { main: { endpoints: [THE-PLACE], CREDENTIALS } }
        buckets: { one: { origin: main, bucket: models, prefix: dir/ }, two: { origin: main, bucket: models } }
        auth: { mode: anonymous }
        cache: { memory: { size: 64MiB }, default: { mode: immutable } }
        events: { token: events-token }
        reload: { interval: 0s }

        """;

    [Theory]
    [InlineData("aws:s3", "ObjectCreated:Put", "dir/a+b%2B%C3%A4")]
    [InlineData("minio:s3", "s3:ObjectCreated:Put", "dir%2Fa+b%2B%C3%A4")]
    [InlineData("ceph:s3", "ObjectCreated:Put", "dir/a b+ä")]
    public async Task I5_a_foreign_overwrite_is_seen_by_all_buckets_that_lead_there(string source, string name, string key)
    {
        await using FileProxy proxy = await FileProxy.StartAsync(Renamed.Replace("CREDENTIALS", FileConfigurations.Credentials, StringComparison.Ordinal));
        const string ByOne = "a%20b%2B%C3%A4";
        Put(proxy, "dir/a b+ä", "first");
        Assert.Equal(("first", "first"), (await proxy.TextAsync(ByOne, "one"), await proxy.TextAsync("dir/" + ByOne, "two")));
        Put(proxy, "dir/a b+ä", "second");
        Assert.Equal(("first", "first"), (await proxy.TextAsync(ByOne, "one"), await proxy.TextAsync("dir/" + ByOne, "two")));

        string told = $$$"""{"Records":[{"eventSource":"{{{source}}}","eventName":"{{{name}}}","s3":{"bucket":{"name":"models"},"object":{"key":"{{{key}}}","sequencer":"1"} } }]}""";
        (HttpStatusCode status, string report) = await PostAsync(proxy, told);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(1, JsonDocument.Parse(report).RootElement.GetProperty("invalidated").GetInt32());
        Assert.Equal(("second", "second"), (await proxy.TextAsync(ByOne, "one"), await proxy.TextAsync("dir/" + ByOne, "two")));
        Assert.Equal(1, JsonDocument.Parse((await PostAsync(proxy, told)).Body).RootElement.GetProperty("duplicate").GetInt32());
        Assert.Contains(await proxy.MetricsAsync("s3proxy_events_total"), line => line.Contains("result=\"invalidated\"", StringComparison.Ordinal) && line.EndsWith(" 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task I5_what_was_told_while_no_bucket_led_there_is_known_when_one_does_again()
    {
        string without = FileConfigurations.Open.Replace("\"*\"", "other", StringComparison.Ordinal);
        Assert.NotEqual(FileConfigurations.Open, without);
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open);
        Put(proxy, "a", "first");
        Assert.Equal("first", await proxy.TextAsync("a"));
        Assert.Equal(200, (await proxy.ReloadAsync(without)).Status);
        Put(proxy, "a", "second");
        const string Told = """{"Records":[{"eventSource":"ceph:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"models"},"object":{"key":"a"} } }]}""";

        (HttpStatusCode status, string report) = await PostAsync(proxy, Told, token: null);

        Assert.Equal((HttpStatusCode.OK, 1), (status, JsonDocument.Parse(report).RootElement.GetProperty("unmapped").GetInt32()));
        Assert.Equal(200, (await proxy.ReloadAsync(FileConfigurations.Open)).Status);
        Assert.Equal("second", await proxy.TextAsync("a"));
    }

    [Fact]
    public async Task I5_a_foreign_removal_is_seen()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open);
        Put(proxy, "a", "first");
        Assert.Equal("first", await proxy.TextAsync("a"));
        proxy.Origin.DeleteObject(TestProxy.Bucket, "a");
        const string Told = """{"version":"0","id":"1","detail-type":"Object Deleted","source":"aws.s3","detail":{"bucket":{"name":"models"},"object":{"key":"a"}}}""";
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(proxy, Told, token: null)).Status);
        Assert.Equal("NotFound", await proxy.TextAsync("a"));
    }

    [Theory]
    [InlineData("arn:aws:sns:eu-central-1:123456789012:objects", "second")]
    [InlineData("arn:aws:sns:eu-central-1:123456789012:others", "first")]
    [InlineData(null, "second")]
    public async Task I5_a_topic_that_delivers_raw_is_held_to_the_list_too(string? topic, string seen)
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open + "events: { snsTopics: [\"arn:aws:sns:eu-central-1:123456789012:objects\"] }\n");
        Put(proxy, "a", "first");
        Assert.Equal("first", await proxy.TextAsync("a"));
        Put(proxy, "a", "second");
        const string Told = """{"Records":[{"eventSource":"aws:s3","eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"models"},"object":{"key":"a"} } }]}""";
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(proxy.Admin, "/admin/events")) { Content = new StringContent(Told, Encoding.UTF8, topic is null ? "application/json" : "text/plain") };
        if (topic is not null)
        {
            request.Headers.TryAddWithoutValidation("x-amz-sns-message-type", "Notification");
            request.Headers.TryAddWithoutValidation("x-amz-sns-rawdelivery", "true");
            request.Headers.TryAddWithoutValidation("x-amz-sns-topic-arn", topic);
        }

        using HttpResponseMessage response = await proxy.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(seen, await proxy.TextAsync("a"));
    }

    [Fact]
    public async Task I5_the_token_of_events_opens_nothing_else_and_bad_posts_are_refused()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.Open + "events: { token: events-token, path: /hook }\n");
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(proxy, "{}", token: null, path: "/hook")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(proxy, "{}", token: "other", path: "/hook")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(proxy, "{}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(proxy, "{}", path: "/hook")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(proxy, "{", path: "/hook")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(proxy, """{"Records":[{"eventName":"ObjectCreated:Put"}]}""", path: "/hook")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(proxy, "{}", path: "/hook?origin=none")).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(proxy, "{}", path: "/hook?origin=main")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(proxy, new string(' ', (1 << 20) + 1), path: "/hook")).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await PostAsync(proxy, "{}", path: "/hook", type: "text/plain")).Status);
        using HttpResponseMessage read = await proxy.Client.GetAsync(new Uri(proxy.Admin, "/hook"));
        Assert.Equal(HttpStatusCode.Unauthorized, read.StatusCode);
        Assert.Contains(read.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Basic");
    }

    private static void Put(FileProxy proxy, string key, string text) => proxy.Origin.PutObject(TestProxy.Bucket, key, Encoding.UTF8.GetBytes(text));

    private static async Task<(HttpStatusCode Status, string Body)> PostAsync(FileProxy proxy, string json, string? token = "events-token", string path = "/admin/events", string type = "application/json")
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(proxy.Admin, path)) { Content = new StringContent(json, Encoding.UTF8, type) };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using HttpResponseMessage response = await proxy.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
