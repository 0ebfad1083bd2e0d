using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Caching;
using S3Proxy.Coalescing.Statistics;
using S3Proxy.Fetching;
using S3Proxy.Fleet;
using S3Proxy.Responding;
using S3Proxy.Telemetry;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Responding;

/// <summary>Whole responses over the caching core, without a network.</summary>
internal sealed class ResponderBench : IDisposable
{
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public ResponderBench(FetchOptions? options = null, IFleetHearing? hearing = null)
    {
        Core = new FetchBench(options: options, hearing: hearing);
        Responder = new ObjectResponder(Core.Services, Core.Finder, new ProxyMetrics(_meters.GetRequiredService<IMeterFactory>(), Core.Memory, Core.Tables), new UsageStatistics<ObjectId, UsageTenant>(new UsageStatisticsOptions(), Core.Time));
    }

    public FetchBench Core { get; }

    public ObjectResponder Responder { get; }

    /// <summary>Answers a read as the pipeline does: from memory, else through flights. A read that is to be forwarded has outcome FORWARD.</summary>
    public async Task<(int Status, string Outcome, byte[] Body)> AnswerAsync(ReadContext read, CancellationToken aborted = default)
    {
        using MemoryStream body = new();
        read.Http.Response.Body = body;
        read.Http.RequestAborted = aborted;
        if (!await Responder.TryAnswerFromMemoryAsync(read) && !await Responder.TryAnswerAsync(read))
        {
            return (0, "FORWARD", []);
        }

        HttpResponse response = read.Http.Response;
        await response.BodyWriter.FlushAsync(CancellationToken.None);
        return (response.StatusCode, response.Headers["x-cache"].ToString(), body.ToArray());
    }

    public async Task<string> OutcomeAsync(ReadContext? read = null) => (await AnswerAsync(read ?? Core.Read())).Outcome;

    public void Dispose()
    {
        Core.Dispose();
        _meters.Dispose();
    }
}
