using System.Net;
using System.Text;
using System.Xml.Linq;
using S3Proxy.Configuration;
using S3Proxy.Testing.Integrity;
using S3Proxy.Testing.Origin;

namespace S3Proxy.FunctionalTests.Forms;

/// <summary>Browser uploads: requirements S6, I3, A2.</summary>
public sealed class PostFormTests : IAsyncLifetime
{
    private static readonly byte[] Content = "content of the file"u8.ToArray();

    private TestProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        _proxy = await TestProxy.StartAsync(new TestProxyOptions
        {
            Auth = AuthMode.SigV4,
            Buckets = new Dictionary<string, Func<BucketConfiguration, BucketConfiguration>>
            {
                ["mapped"] = bucket => bucket with { OriginBucket = TestProxy.Bucket, Prefix = "tenant/" },
            },
        });
    }

    public async Task DisposeAsync() => await _proxy.DisposeAsync();

    [Fact]
    public async Task The_file_is_stored_with_the_headers_of_the_form()
    {
        SignedForm form = SignedForm.Of(
            "a/b c+é.txt", Content, [new("Content-Type", "text/x-note"), new("Cache-Control", "max-age=60"), new("x-amz-meta-note", "two  words"), new("Content-Disposition", "inline")]);
        using HttpRequestMessage request = form.Request(new ByteArrayContent(form.Body()));
        request.Headers.TryAddWithoutValidation("Cookie", "session=secret");
        request.Headers.TryAddWithoutValidation("Cache-Control", "no-cache");
        using HttpResponseMessage posted = await _proxy.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, posted.StatusCode);
        Assert.Equal(_proxy.Origin.FindObject(TestProxy.Bucket, "a/b c+é.txt")?.ETag, posted.Headers.ETag?.ToString());
        Assert.Equal($"{_proxy.Data}{TestProxy.Bucket}/a/b%20c%2B%C3%A9.txt", posted.Headers.Location?.OriginalString);
        using HttpResponseMessage read = await _proxy.Direct.GetAsync("a/b c+é.txt");
        Assert.Equal(Content, await read.Content.ReadAsByteArrayAsync());
        Assert.Equal("text/x-note", read.Content.Headers.ContentType?.ToString());
        Assert.Equal("inline", read.Content.Headers.ContentDisposition?.ToString());
        Assert.Equal("max-age=60", read.Headers.CacheControl?.ToString());
        Assert.Equal("two words", Assert.Single(read.Headers.GetValues("x-amz-meta-note")).Replace("  ", " ", StringComparison.Ordinal));
        OriginRequest put = _proxy.Origin.Traffic.Requests.First(seen => seen.Operation == OriginOperation.PutObject);
        Assert.False(put.Headers.ContainsKey("Cookie"));
    }

    [Fact]
    public async Task The_next_read_sees_it()
    {
        _proxy.Origin.PutObject(TestProxy.Bucket, "seen", "old"u8.ToArray());
        await _proxy.Signed.ReadAsync("seen");
        Assert.Equal("old"u8.ToArray(), await _proxy.Signed.ReadAsync("seen"));
        (await SignedForm.Of("seen", Content).PostAsync(_proxy.Client)).Dispose();
        Assert.Equal(Content, await _proxy.Signed.ReadAsync("seen"));
    }

    [Theory]
    [InlineData("200", 200)]
    [InlineData("201", 201)]
    [InlineData("204", 204)]
    [InlineData("404", 204)]
    public async Task The_form_chooses_the_status(string wanted, int status)
    {
        using HttpResponseMessage posted = await SignedForm.Of("k <&>", Content, [new("success_action_status", wanted)]).PostAsync(_proxy.Client);
        Assert.Equal(status, (int)posted.StatusCode);
        string body = await posted.Content.ReadAsStringAsync();
        if (status != 201)
        {
            Assert.Empty(body);
            return;
        }

        XElement document = XDocument.Parse(body).Root!;
        Assert.Equal("PostResponse", document.Name.LocalName);
        Assert.Equal(
            [$"{_proxy.Data}{TestProxy.Bucket}/k%20%3C%26%3E", TestProxy.Bucket, "k <&>", _proxy.Origin.FindObject(TestProxy.Bucket, "k <&>")!.ETag],
            document.Elements().Select(element => element.Value));
    }

    [Theory]
    [InlineData("success_action_redirect", "https://page.example/done?a=1#top", "https://page.example/done?a=1&{0}#top")]
    [InlineData("redirect", "http://page.example", "http://page.example/?{0}")]
    public async Task The_form_chooses_where_the_browser_goes_next(string field, string target, string expected)
    {
        using HttpClient browser = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = _proxy.Data };
        using HttpResponseMessage posted = await SignedForm.Of("a/é", Content, [new(field, target)]).PostAsync(browser);
        Assert.Equal(HttpStatusCode.SeeOther, posted.StatusCode);
        string etag = Uri.EscapeDataString(_proxy.Origin.FindObject(TestProxy.Bucket, "a/é")!.ETag);
        Assert.Equal(expected.Replace("{0}", $"bucket={TestProxy.Bucket}&key=a%2F%C3%A9&etag={etag}", StringComparison.Ordinal), posted.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("/relative")]
    [InlineData("")]
    public async Task What_is_no_address_is_not_gone_to(string target)
    {
        using HttpResponseMessage posted = await SignedForm.Of("k", Content, [new("success_action_redirect", target)]).PostAsync(_proxy.Client);
        Assert.Equal(HttpStatusCode.NoContent, posted.StatusCode);
    }

    [Fact]
    public async Task The_name_of_the_file_may_be_part_of_the_key()
    {
        SignedForm form = SignedForm.Of("in/${filename}", Content) with { FileName = "C:\\dir\\photo 1.jpg", Conditions = """["starts-with", "$key", "in/photo"]""" };
        using HttpResponseMessage posted = await form.PostAsync(_proxy.Client);
        Assert.Equal(HttpStatusCode.NoContent, posted.StatusCode);
        Assert.NotNull(_proxy.Origin.FindObject(TestProxy.Bucket, "in/photo 1.jpg"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n--")]
    [InlineData("\r\n------tests012345678\r\n------tests012345678")]
    [InlineData("ends with a line\r\n")]
    public async Task Contents_that_look_like_a_boundary_and_forms_without_a_line_end(string content)
    {
        foreach (string ending in (string[])[$"\r\n--{SignedForm.Boundary}--\r\n", $"\r\n--{SignedForm.Boundary}--"])
        {
            using HttpResponseMessage posted = await (SignedForm.Of("like", Encoding.UTF8.GetBytes(content)) with { Ending = ending }).PostAsync(_proxy.Client);
            Assert.True(posted.IsSuccessStatusCode, await posted.Content.ReadAsStringAsync());
            Assert.Equal(content, Encoding.UTF8.GetString(await _proxy.Direct.ReadAsync("like")));
        }
    }

    [Fact]
    public async Task A_form_may_come_in_any_two_pieces()
    {
        SignedForm form = SignedForm.Of("pieces", Content);
        byte[] body = form.Body();
        for (int split = 1; split < body.Length; split += 3)
        {
            using HttpResponseMessage posted = await form.PostAsync(_proxy.Client, new SplitContent(body, split, static () => Task.CompletedTask));
            Assert.True(posted.IsSuccessStatusCode, $"split at {split}: {await posted.Content.ReadAsStringAsync()}");
            Assert.Equal(Content.Length, _proxy.Origin.FindObject(TestProxy.Bucket, "pieces")?.SizeBytes);
        }
    }

    /// <summary>The origin must see the upload while most of the file is still with the browser.</summary>
    [Fact]
    public async Task A_file_of_64_mib_is_streamed()
    {
        SyntheticContent content = new(64 * Reads.MiB, 5);
        SignedForm form = SignedForm.Of("large", []);
        byte[] empty = form.Body();
        int start = empty.Length - form.Ending.Length;
        using MultipartFile body = new(empty.AsMemory(0, start), new GatedUpload(content, _proxy.Origin.Traffic), empty.AsMemory(start));
        using HttpResponseMessage posted = await form.PostAsync(_proxy.Client, body);
        Assert.True(posted.IsSuccessStatusCode, await posted.Content.ReadAsStringAsync());
        using HttpResponseMessage read = await _proxy.Signed.GetAsync("large");
        await Reads.RestAsync(read, content);
    }

    [Fact]
    public async Task Bucket_in_the_host_and_bucket_with_a_prefix()
    {
        SignedForm form = SignedForm.Of("styled", Content, [new("success_action_status", "201")]);
        using HttpRequestMessage request = form.Request(new ByteArrayContent(form.Body()));
        request.RequestUri = new Uri("/", UriKind.Relative);
        request.Headers.Host = $"{TestProxy.Bucket}.s3.test";
        using HttpResponseMessage posted = await _proxy.Client.SendAsync(request);
        Assert.Contains($"<Location>http://{TestProxy.Bucket}.s3.test/styled</Location>", await posted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(_proxy.Origin.FindObject(TestProxy.Bucket, "styled"));

        using HttpResponseMessage mapped = await (SignedForm.Of("styled", Content, [new("success_action_status", "201")]) with { Bucket = "mapped" }).PostAsync(_proxy.Client);
        Assert.Contains("<Bucket>mapped</Bucket><Key>styled</Key>", await mapped.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotNull(_proxy.Origin.FindObject(TestProxy.Bucket, "tenant/styled"));
    }

    /// <summary>The origin's own refusal passes: here a checksum that is not the file's.</summary>
    [Fact]
    public async Task Checksums_of_the_form_are_held_by_the_origin()
    {
        using HttpResponseMessage wrong = await SignedForm.Of("sum", Content, [new("x-amz-checksum-crc32", "AAAAAA==")]).PostAsync(_proxy.Client);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Null(_proxy.Origin.FindObject(TestProxy.Bucket, "sum"));
    }

    [Fact]
    public async Task Nobody_uploads_where_everyone_may_read()
    {
        await using TestProxy open = await TestProxy.StartAsync();
        using HttpResponseMessage posted = await SignedForm.Of("k", Content).PostAsync(open.Client);
        Assert.Equal(HttpStatusCode.Forbidden, posted.StatusCode);
        Assert.Equal(0, open.Origin.Traffic.RequestCount);
    }

    [Fact]
    public async Task A_form_whose_policy_the_origin_judges_passes_as_it_is()
    {
        await using TestProxy through = await TestProxy.StartAsync(new TestProxyOptions { Auth = AuthMode.Passthrough });
        through.Origin.Faults.Add(new RequestMatch { Method = "POST" }, new FaultEffects { Status = 204 });
        SignedForm form = SignedForm.Of("k", Content) with { Secret = "unknown here" };
        using HttpResponseMessage posted = await form.PostAsync(through.Client);
        Assert.Equal(HttpStatusCode.NoContent, posted.StatusCode);
        OriginRequest seen = Assert.Single(through.Origin.Traffic.Requests);
        Assert.Equal($"multipart/form-data; boundary={SignedForm.Boundary}", seen.Headers["Content-Type"]);
        Assert.Equal($"{form.Body().Length}", seen.Headers["Content-Length"]);

        using HttpResponseMessage keyless = await new SignedForm { Content = Content }.PostAsync(through.Client);
        Assert.Equal(HttpStatusCode.BadRequest, keyless.StatusCode);
        Assert.Equal(1, through.Origin.Traffic.RequestCount);
    }
}
