using System.Net;
using System.Text.Json;
using S3Proxy.Configuration;

namespace S3Proxy.FunctionalTests.Telemetry;

/// <summary>Requirement O4: the access log of a running proxy.</summary>
public sealed class AccessLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("access-log-").FullName;

    private string FilePath => Path.Combine(_folder, "access.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task O4_each_request_is_a_line_with_its_reason_tier_role_and_times()
    {
        await using (TestProxy proxy = await StartAsync())
        {
            proxy.Origin.PutObject(TestProxy.Bucket, "a b", new byte[1000]);
            using HttpResponseMessage miss = await proxy.Signed.GetAsync("a b");
            await miss.Content.ReadAsByteArrayAsync();
            using HttpResponseMessage hit = await proxy.Signed.GetAsync("a b");
            await hit.Content.ReadAsByteArrayAsync();
            using HttpResponseMessage put = await proxy.Signed.PutAsync("up", new byte[10]);
            using HttpResponseMessage refused = await proxy.Client.GetAsync($"/{TestProxy.Bucket}/a%20b");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        JsonElement[] lines = Lines();
        Assert.Equal(4, lines.Length);
        JsonElement first = lines.Single(line => Text(line, "outcome") == "MISS");
        Assert.Equal(("GetObject", "not_in_memory", "origin", "leader", TestProxy.ClientKeyId), (Text(first, "operation"), Text(first, "reason"), Text(first, "tier"), Text(first, "role"), Text(first, "client")));
        Assert.Equal(("a b", $"/{TestProxy.Bucket}/a%20b", "127.0.0.1"), (Text(first, "key"), Text(first, "path"), Text(first, "remote")));
        Assert.Equal(1000, first.GetProperty("bytes").GetInt64());
        Assert.InRange(first.GetProperty("first_byte_seconds").GetDouble(), 0, first.GetProperty("duration_seconds").GetDouble());
        Assert.Matches("^[0-9A-F]{16}$", Text(first, "request_id"));
        JsonElement second = lines.Single(line => Text(line, "outcome") == "HIT");
        Assert.Equal(("none", "memory"), (Text(second, "reason"), Text(second, "tier")));
        Assert.Equal(("operation", 200), (Text(lines.Single(line => Text(line, "operation") == "PutObject"), "reason"), lines.Single(line => Text(line, "operation") == "PutObject").GetProperty("status").GetInt32()));
        Assert.Equal(("denied", 403), (Text(lines.Single(line => Text(line, "outcome") == "REFUSED"), "reason"), lines.Single(line => Text(line, "outcome") == "REFUSED").GetProperty("status").GetInt32()));
    }

    [Theory]
    [InlineData("127.0.0.0/8", "203.0.113.1")]
    [InlineData("10.0.0.0/8", "127.0.0.1")]
    public async Task A6_the_clients_address_is_logged_and_saved_for_where_a_trusted_proxy_tells_it(string trusted, string address)
    {
        KeyValuePair<string, string> forwarded = new("X-Forwarded-For", "198.51.100.9, 203.0.113.1");
        string[] saved;
        await using (TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Auth = AuthMode.Anonymous,
            TrustedProxies = [IPNetwork.Parse(trusted)],
            AccessLog = new AccessLogConfiguration { Format = AccessLogFormat.Json, Path = FilePath },
        }))
        {
            proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
            for (int i = 0; i < 3; i++)
            {
                using HttpRequestMessage request = new(HttpMethod.Get, $"/{TestProxy.Bucket}/a");
                request.Headers.TryAddWithoutValidation(forwarded.Key, forwarded.Value);
                using HttpResponseMessage response = await proxy.Client.SendAsync(request);
                Assert.Equal(1000, (await response.Content.ReadAsByteArrayAsync()).Length);
            }

            saved = (await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/metrics"))).Split('\n');
            Assert.All(proxy.Origin.Traffic.Requests, request => Assert.False(request.Headers.ContainsKey("X-Forwarded-For")));
        }

        Assert.All(Lines(), line => Assert.Equal(address, Text(line, "remote")));
        Assert.Contains(saved, line => line.StartsWith("s3proxy_saved_requests_total{", StringComparison.Ordinal) && line.Contains($"client=\"{address}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A6_a_signed_request_is_as_right_behind_a_trusted_proxy()
    {
        await using TestProxy proxy = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4, TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[1000]);
        using HttpResponseMessage response = await proxy.Signed.GetAsync("a", new KeyValuePair<string, string>("X-Forwarded-For", "203.0.113.1"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A5_no_signature_and_no_token_comes_into_the_log()
    {
        await using (TestProxy proxy = await StartAsync())
        {
            using HttpResponseMessage presigned = await proxy.Client.GetAsync(
                $"/{TestProxy.Bucket}/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=SECRETCRED%2F20260101&X-Amz-Security-Token=SECRETTOKEN&X-Amz-Signature=SECRETSIG&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host");
            using HttpResponseMessage signed = await proxy.Signed.GetAsync("a");
        }

        string log = await File.ReadAllTextAsync(FilePath);
        Assert.DoesNotContain("SECRET", log, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Amz", log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("AWS4", log, StringComparison.Ordinal);
        Assert.DoesNotContain(TestProxy.ClientSecret, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_keys_and_user_agents_write_no_lines_of_their_own()
    {
        string[] keys = ["a%0Ab", "%0D%0A%7B%22outcome%22:%22HIT%22%7D", "%22%5C%1B%5B31m", "%E2%80%A8%C2%85"];
        await using (TestProxy proxy = await StartAsync())
        {
            foreach (string key in keys)
            {
                using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"{proxy.Data}{TestProxy.Bucket}/{key}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
                request.Headers.TryAddWithoutValidation("User-Agent", "agent \" \\ \t end");
                using HttpResponseMessage answer = await proxy.Client.SendAsync(request);
            }
        }

        Assert.Equal(keys.Length, Lines().Length);
        Assert.All(await File.ReadAllBytesAsync(FilePath), b => Assert.True(b is (byte)'\n' or >= 0x20 and <= 0x7e));
    }

    private Task<TestProxy> StartAsync() =>
        TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.SigV4, AccessLog = new AccessLogConfiguration { Format = AccessLogFormat.Json, Path = FilePath } });

    private JsonElement[] Lines() => [.. File.ReadAllLines(FilePath).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
