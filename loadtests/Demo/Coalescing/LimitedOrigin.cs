using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace S3Proxy.Demo.Coalescing;

/// <summary>
/// An origin with a bounded number of workers, each of which takes a fixed time for a request: the kind of storage that coalescing protects. Every key exists and
/// has the same bytes.
/// </summary>
internal sealed class LimitedOrigin : IAsyncDisposable
{
    private readonly WebApplication _app;
    private long _requests;

    private LimitedOrigin(WebApplication app) => _app = app;

    public Uri Endpoint => new(_app.Urls.First());

    /// <summary>Requests answered since the start.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <param name="workers">Requests served at once; more wait in line.</param>
    /// <param name="serviceTime">Time each takes.</param>
    /// <param name="bodyBytes">Bytes of every object.</param>
    /// <param name="timeProvider">Times the service.</param>
    public static async Task<LimitedOrigin> StartAsync(int workers, TimeSpan serviceTime, int bodyBytes, TimeProvider timeProvider)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        LimitedOrigin origin = new(app);
        SemaphoreSlim free = new(workers);
        byte[] body = new byte[bodyBytes];
        new Random(1).NextBytes(body);
        app.Run(async http =>
        {
            await free.WaitAsync(http.RequestAborted);
            try
            {
                if (serviceTime > TimeSpan.Zero)
                {
                    await Task.Delay(serviceTime, timeProvider, http.RequestAborted);
                }
            }
            finally
            {
                free.Release();
            }

            Interlocked.Increment(ref origin._requests);
            await AnswerAsync(http, body);
        });
        await app.StartAsync();
        return origin;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task AnswerAsync(HttpContext http, byte[] body)
    {
        const string ETag = "\"one\"";
        http.Response.Headers.ETag = ETag;
        if (http.Request.Headers.IfNoneMatch == ETag)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        http.Response.ContentLength = body.Length;
        if (HttpMethods.IsGet(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }
}
