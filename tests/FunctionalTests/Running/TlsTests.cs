using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Tls;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>Bodies over TLS and HTTP/2, to the byte, and certificates that change (requirement O6).</summary>
public sealed class TlsTests
{
    private const int ObjectBytes = (9 * Reads.MiB) + 12_345;
    private const string Tls = "tls: { certificateFile: tls.crt, keyFile: tls.key }";

    public static TheoryData<string, string> Transports => new()
    {
        { "https://127.0.0.1:0\", " + Tls, "1.1" },
        { "https://127.0.0.1:0\", " + Tls, "2.0" },
        { "https://127.0.0.1:0\", protocols: [http2], " + Tls, "2.0" },
        { "https://127.0.0.1:0\", zeroCopy: false, " + Tls, "2.0" },
        { "http://127.0.0.1:0\", protocols: [http2]", "2.0" },
        { "http://127.0.0.1:0\", protocols: [http1]", "1.1" },
    };

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Large_bodies_ranges_and_bodies_that_are_left_are_right_cold_and_from_memory(string endpoint, string version)
    {
        using ServerCertificate certificate = new("one");
        await using FileProxy proxy = await StartAsync(endpoint, certificate);
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "o", ObjectBytes, 1, new Dictionary<string, string> { ["x-amz-meta-name"] = "gr\u00fc\u00df" });
        using HttpClient client = NewClient(version);
        Uri url = new(proxy.Data, $"/{TestProxy.Bucket}/o");
        for (int round = 0; round < 3; round++)
        {
            Task<string>[] whole = [.. Enumerable.Range(0, 12).Select(_ => WholeAsync(client, url, content, version))];
            Task[] left = [.. Enumerable.Range(0, 6).Select(i => LeaveAsync(client, url, content, bytes: 1 + (i * 700_000)))];
            Task[] ranges =
            [
                RangeAsync(client, url, content, 0, 0), RangeAsync(client, url, content, 65_535, 65_536), RangeAsync(client, url, content, 1_000_001, 7_999_999),
                RangeAsync(client, url, content, ObjectBytes - 70_001, ObjectBytes - 1),
            ];
            await Task.WhenAll([.. whole, .. left, .. ranges]);
            Assert.True(round == 0 || whole.All(read => read.Result == "HIT"));
        }

        Assert.InRange(proxy.Origin.Traffic.GetCount, 1, 12);
        using HttpResponseMessage head = await client.SendAsync(Ask(HttpMethod.Head, client, url));
        Assert.Equal("gr\u00fc\u00df", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(head.Headers.GetValues("x-amz-meta-name").Single())));
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Signed_requests_and_uploads_in_chunks_arrive_whole(string endpoint, string version)
    {
        using ServerCertificate certificate = new("one");
        await using FileProxy proxy = await StartAsync(endpoint, certificate, FileConfigurations.WithKeys("A"));
        using SignedClient signed = new(proxy.Data, "A", "A-secret", acceptAny: true) { HttpVersion = Version.Parse(version) };
        byte[] body = RandomNumberGenerator.GetBytes(2_500_001);
        foreach ((string hash, string? algorithm) in new[]
        {
            (ChunkedUpload.Signed, null), (ChunkedUpload.SignedTrailer, "crc32c"), (ChunkedUpload.UnsignedTrailer, "sha256"),
        })
        {
            using HttpResponseMessage stored = await signed.UploadAsync("up", new ChunkedUpload(body) { PayloadHash = hash, Algorithm = algorithm, ChunkBytes = 64 * 1024 });
            Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
            Assert.Equal(Version.Parse(version), stored.Version);
            Assert.Equal(body, await signed.ReadAsync("up"));
            body[^1]++;
        }

        using HttpResponseMessage tampered = await signed.UploadAsync("up", new ChunkedUpload(body) { Tamper = bytes => [.. bytes[..^200], .. bytes[^200..].Reverse()] });
        Assert.NotEqual(HttpStatusCode.OK, tampered.StatusCode);
        using SignedClient wrong = new(proxy.Data, "A", "not-the-secret", acceptAny: true) { HttpVersion = Version.Parse(version) };
        using HttpResponseMessage refused = await wrong.GetAsync("up");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("SignatureDoesNotMatch", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_over_http2_is_over_the_authority()
    {
        using ServerCertificate certificate = new("one");
        await using FileProxy proxy = await StartAsync("https://127.0.0.1:0\", " + Tls, certificate, FileConfigurations.WithKeys("A"));
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "o", 1000, 1);
        using HttpClient client = NewClient("2.0");
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Uri right = PresignedUrl.Create(proxy.Data, "o", now, TimeSpan.FromHours(1), "A", "A-secret");
        await WholeAsync(client, right, content, "2.0");

        // The same request under another authority was not signed.
        Uri other = new UriBuilder(right) { Host = "localhost" }.Uri;
        using HttpResponseMessage refused = await client.GetAsync(other);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task Certificates_are_replaced_while_clients_read_and_a_bad_one_changes_nothing()
    {
        using ServerCertificate first = new("first");
        using ServerCertificate second = new("second", new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using FileProxy proxy = await StartAsync("https://127.0.0.1:0\", " + Tls, first, FileConfigurations.Open.Replace("interval: 0s", "interval: 20ms", StringComparison.Ordinal));
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "o", ObjectBytes, 1);
        using HttpClient client = NewClient("1.1");
        Uri url = new(proxy.Data, $"/{TestProxy.Bucket}/o");
        using HttpResponseMessage running = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(first.Thumbprint, await ThumbprintAsync(proxy.Data));

        Put(proxy, "tls.crt", "nothing");
        await FileProxy.UntilAsync(async () => (await proxy.MetricsAsync("s3proxy_config_last_reload_successful"))[0].EndsWith(" 0", StringComparison.Ordinal));
        Assert.Equal(first.Thumbprint, await ThumbprintAsync(proxy.Data));

        // One file after the other, as tools write them: the pair that does not fit is refused, the pair that fits is taken.
        long refused = await RefusedAsync();
        Put(proxy, "tls.crt", second.CertificatePem);
        await FileProxy.UntilAsync(async () => await RefusedAsync() > refused);
        Assert.Equal(first.Thumbprint, await ThumbprintAsync(proxy.Data));
        Put(proxy, "tls.key", second.KeyPem);
        await FileProxy.UntilAsync(async () => await ThumbprintAsync(proxy.Data) == second.Thumbprint);

        await Reads.RestAsync(running, content);
        await WholeAsync(client, url, content, "1.1");
        Assert.Equal(
            [string.Create(CultureInfo.InvariantCulture, $"s3proxy_tls_certificate_expiry_timestamp_seconds{{port=\"data\"}} {new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds()}")],
            await proxy.MetricsAsync("s3proxy_tls_certificate_expiry_timestamp_seconds"));

        async Task<long> RefusedAsync() =>
            (await proxy.MetricsAsync("s3proxy_config_reloads_total{result=\"refused\"}")).Sum(line => long.Parse(line[line.LastIndexOf(' ')..], CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Versions_of_tls_follow_the_file_and_the_admin_port_has_a_certificate_of_its_own()
    {
        using ServerCertificate data = new("data");
        using ServerCertificate admin = new("admin");
        string listen = "listen: { endpoint: \"https://127.0.0.1:0\", tls: { certificateFile: tls.crt, keyFile: tls.key, password: s3cret }, "
            + "admin: \"https://127.0.0.1:0\", adminTls: { certificateFile: admin.pfx, password: s3cret } }\n";
        await using FileProxy proxy = await FileProxy.StartAsync(listen + FileConfigurations.Open, directory =>
        {
            File.WriteAllText(Path.Combine(directory.FullName, "tls.crt"), data.CertificatePem);
            File.WriteAllText(Path.Combine(directory.FullName, "tls.key"), data.EncryptedKeyPem);
            File.WriteAllBytes(Path.Combine(directory.FullName, "admin.pfx"), admin.Pkcs12("s3cret"));
        });
        Assert.Equal(data.Thumbprint, await ThumbprintAsync(proxy.Data, SslProtocols.Tls12));
        Assert.Equal(admin.Thumbprint, await ThumbprintAsync(proxy.Admin));
        Assert.Equal("ready", await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/readyz")));

        Assert.Equal(200, (await proxy.ReloadAsync((listen + FileConfigurations.Open).Replace("keyFile: tls.key,", "keyFile: tls.key, minimumVersion: 1.3,", StringComparison.Ordinal))).Status);

        await Assert.ThrowsAnyAsync<Exception>(() => ThumbprintAsync(proxy.Data, SslProtocols.Tls12));
        Assert.Equal(data.Thumbprint, await ThumbprintAsync(proxy.Data, SslProtocols.Tls13));
    }

    private static Task<FileProxy> StartAsync(string endpoint, ServerCertificate certificate, string yaml = FileConfigurations.Open) => FileProxy.StartAsync(
        $"listen: {{ admin: \"http://127.0.0.1:0\", endpoint: \"{endpoint} }}\n{yaml}",
        directory =>
        {
            File.WriteAllText(Path.Combine(directory.FullName, "tls.crt"), certificate.CertificatePem);
            File.WriteAllText(Path.Combine(directory.FullName, "tls.key"), certificate.KeyPem);
        });

    private static void Put(FileProxy proxy, string name, string text) => File.WriteAllText(Path.Combine(proxy.Directory.FullName, name), text);

    private static HttpClient NewClient(string version) => new(FileProxy.NewHandler())
    {
        Timeout = TimeSpan.FromMinutes(2),
        DefaultRequestVersion = Version.Parse(version),
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static HttpRequestMessage Ask(HttpMethod method, HttpClient client, Uri url) => new(method, url) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };

    private static async Task<string> WholeAsync(HttpClient client, Uri url, SyntheticContent content, string version)
    {
        using HttpResponseMessage response = await client.SendAsync(Ask(HttpMethod.Get, client, url), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(Version.Parse(version), response.Version);
        return await Reads.RestAsync(response, content);
    }

    private static async Task RangeAsync(HttpClient client, Uri url, SyntheticContent content, long first, long last)
    {
        using HttpRequestMessage message = Ask(HttpMethod.Get, client, url);
        message.Headers.Range = new(first, last);
        using HttpResponseMessage response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        BodyCheckResult check = await BodyCheck.VerifyAsync(body, content, first, last - first + 1);
        Assert.True(check.IsExact, check.ToString());
    }

    /// <summary>Reads the beginning and leaves, which ends the stream or the connection.</summary>
    private static async Task LeaveAsync(HttpClient client, Uri url, SyntheticContent content, int bytes)
    {
        using HttpResponseMessage response = await client.SendAsync(Ask(HttpMethod.Get, client, url), HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[bytes];
        await body.ReadExactlyAsync(buffer);
        Assert.Equal(-1, content.FirstMismatch(0, buffer));
    }

    private static async Task<string> ThumbprintAsync(Uri endpoint, SslProtocols protocols = SslProtocols.None)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, endpoint.Port));
        await using SslStream stream = new(new NetworkStream(socket));
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            RemoteCertificateValidationCallback = ServerCertificate.IsThere,
        });
        return stream.RemoteCertificate!.GetCertHashString();
    }
}
