using Microsoft.AspNetCore.Http;

namespace S3Proxy.FunctionalTests.Writes;

/// <summary>
/// CompleteMultipartUpload and copies answer 200 before they know, keep the connection alive with white space, and tell what became of it in the document. Requirements
/// I1, I3.
/// </summary>
public sealed class LateResultTests
{
    private const string Key = "late";
    private const string Result = "<CompleteMultipartUploadResult><Key>late</Key></CompleteMultipartUploadResult>";
    private readonly TaskCompletionSource _working = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string?> _document = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _state = "old";
    private int _gets;

    /// <summary>The white space is with the client, the write is not over: what is read meanwhile is not kept, and the end of the document is seen after the write.</summary>
    [Fact]
    public async Task A_result_after_white_space()
    {
        await using BareOrigin origin = await BareOrigin.StartAsync(AnswerAsync);
        await using TestProxy proxy = await TestProxy.StartAsync(origin.Options);
        await CacheAsync(proxy);

        using HttpResponseMessage completing = await CompleteAsync(proxy);
        await _working.Task;
        Stream body = await completing.Content.ReadAsStreamAsync();
        Assert.Equal('<', (char)body.ReadByte());
        Assert.True(await AsksAsync(proxy, "old"));
        Assert.True(await AsksAsync(proxy, "old"), "what was read during the write was kept");

        _document.SetResult(Result);
        using StreamReader rest = new(body);
        Assert.EndsWith(Result, await rest.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.True(await AsksAsync(proxy, "new"));
        Assert.False(await AsksAsync(proxy, "new"), "the object is not cached any more");
    }

    /// <summary>An error in a 200, and a document that breaks off: the origin may still carry it out.</summary>
    [Theory]
    [InlineData("<Error><Code>InternalError</Code></Error>")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no document")]
    public async Task An_error_or_nothing_after_white_space(string? document)
    {
        await using BareOrigin origin = await BareOrigin.StartAsync(AnswerAsync);
        await using TestProxy proxy = await TestProxy.StartAsync(origin.Options);
        await CacheAsync(proxy);
        _document.SetResult(document);

        using HttpResponseMessage completing = await CompleteAsync(proxy);
        Exception? broken = await Record.ExceptionAsync(() => completing.Content.ReadAsByteArrayAsync());

        // Cut before a byte of it was passed on, there is still a status to tell it by.
        bool isCut = broken is not null || (int)completing.StatusCode >= 500;
        Assert.Equal(document is null, isCut);

        Assert.True(await AsksAsync(proxy, "new"));
        Assert.True(await AsksAsync(proxy, "new"), "the outcome is unknown, and a read was answered without asking");
    }

    private static Task<HttpResponseMessage> CompleteAsync(TestProxy proxy) =>
        proxy.Signed.SendAsync(HttpMethod.Post, TestProxy.Bucket, Key, "uploadId=u", body: new ByteArrayContent("<CompleteMultipartUpload/>"u8.ToArray()));

    private async Task CacheAsync(TestProxy proxy)
    {
        await AsksAsync(proxy, "old");
        Assert.False(await AsksAsync(proxy, "old"));
    }

    private async Task<bool> AsksAsync(TestProxy proxy, string expected)
    {
        int before = Volatile.Read(ref _gets);
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(await proxy.Signed.ReadAsync(Key)));
        return Volatile.Read(ref _gets) > before;
    }

    private async Task AnswerAsync(HttpContext http)
    {
        if (HttpMethods.IsPost(http.Request.Method))
        {
            await CompleteAsync(http);
            return;
        }

        Interlocked.Increment(ref _gets);
        http.Response.Headers.ETag = $"\"{_state}\"";
        http.Response.Headers.LastModified = "Sat, 01 Jan 2022 00:00:00 GMT";
        if (http.Request.Headers.IfNoneMatch == http.Response.Headers.ETag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        bool isRange = http.Request.Headers.Range.Count > 0;
        http.Response.StatusCode = isRange ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        http.Response.Headers.ContentRange = isRange ? $"bytes 0-{_state.Length - 1}/{_state.Length}" : default;
        http.Response.ContentLength = _state.Length;
        await http.Response.WriteAsync(_state);
    }

    private async Task CompleteAsync(HttpContext http)
    {
        http.Response.ContentType = "application/xml";
        await http.Response.WriteAsync("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        await http.Response.Body.FlushAsync();
        await http.Response.WriteAsync(" ");
        await http.Response.Body.FlushAsync();
        _working.SetResult();
        string? document = await _document.Task;
        _state = "new";
        if (document is null)
        {
            http.Abort();
            return;
        }

        await http.Response.WriteAsync(document);
    }
}
