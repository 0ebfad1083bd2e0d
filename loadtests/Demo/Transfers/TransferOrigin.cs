using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Transfers;

/// <summary>
/// An origin that costs as little as an origin can, so that what is measured is the way to it: every key of the form <c>SIZE/NAME</c> exists and has the bytes that belong to
/// its size; uploads are compared with them and forgotten.
/// </summary>
internal sealed class TransferOrigin : IAsyncDisposable
{
    private const int BlockBytes = 128 * 1024;
    private readonly WebApplication _app;
    private readonly IReadOnlyDictionary<long, SyntheticContent> _contents;
    private long _wrong;

    private TransferOrigin(WebApplication app, IReadOnlyDictionary<long, SyntheticContent> contents)
    {
        _app = app;
        _contents = contents;
    }

    public Uri Endpoint => new(_app.Urls.First());

    /// <summary>Uploads that were not what they should have been.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

    /// <param name="contents">Contents by their length.</param>
    public static async Task<TransferOrigin> StartAsync(IReadOnlyDictionary<long, SyntheticContent> contents)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        WebApplication app = builder.Build();
        TransferOrigin origin = new(app, contents);
        app.Run(origin.AnswerAsync);
        await app.StartAsync();
        return origin;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext http)
    {
        string[] path = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path.Length < 3 || !long.TryParse(path[1], out long bytes) || !_contents.TryGetValue(bytes, out SyntheticContent? content))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        http.Response.Headers.ETag = content.ETag;
        return HttpMethods.IsPut(http.Request.Method) ? TakeAsync(http, content) : SendAsync(http, content);
    }

    private async Task TakeAsync(HttpContext http, SyntheticContent content)
    {
        IntegrityStream sink = new(content, 0, content.Length);
        await http.Request.Body.CopyToAsync(sink, BlockBytes, http.RequestAborted);
        if (!sink.Result.IsExact)
        {
            Interlocked.Increment(ref _wrong);
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }

    private static async Task SendAsync(HttpContext http, SyntheticContent content)
    {
        (long first, long last) = RangeOf(http.Request, content.Length);
        long length = last - first + 1;
        if (length < content.Length)
        {
            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            http.Response.Headers.ContentRange = $"bytes {first}-{last}/{content.Length}";
        }

        http.Response.ContentLength = length;
        if (HttpMethods.IsHead(http.Request.Method))
        {
            return;
        }

        for (long offset = first; offset <= last;)
        {
            int count = (int)Math.Min(BlockBytes, last + 1 - offset);
            content.Fill(offset, http.Response.BodyWriter.GetSpan(count)[..count]);
            http.Response.BodyWriter.Advance(count);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
            offset += count;
        }
    }

    private static (long First, long Last) RangeOf(HttpRequest request, long length)
    {
        if (request.GetTypedHeaders().Range?.Ranges.FirstOrDefault() is not { From: { } first } range)
        {
            return (0, length - 1);
        }

        return (first, Math.Min(range.To ?? long.MaxValue, length - 1));
    }
}
