using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Origin;
using S3Proxy.Origin.Signing;
using S3Proxy.Telemetry;
using S3Proxy.Testing;
using S3Proxy.Tests.Fetching;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace S3Proxy.Tests.Origin;

/// <summary>Requirement R1: what kept an endpoint from answering decides whether the next one is asked.</summary>
public sealed class EndpointSenderTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly FetchBench _bench = new();
    private readonly ServiceProvider _meters = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose()
    {
        _bench.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task An_endpoint_that_takes_no_connection_in_time_is_unreachable_so_that_the_next_is_asked()
    {
        // The handler's own timer is the system's; whenever it fires, the clock of the proxy stands.
        using SocketsHttpHandler handler = new()
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(1),
            ConnectCallback = static async (_, cancellationToken) =>
            {
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                return Stream.Null;
            },
        };

        FetchException error = await Assert.ThrowsAsync<FetchException>(() => SendAsync(handler));

        Assert.Equal(FetchFailure.Unreachable, error.Failure);
        Assert.Equal(0, _time.ArmedTimers);
    }

    [Fact]
    public async Task An_endpoint_that_took_the_request_and_does_not_answer_has_timed_out()
    {
        using SilentHandler handler = new();
        Task<OriginAnswer> answer = SendAsync(handler);
        await handler.Sent;
        _time.Advance(FetchBench.OriginConfiguration.Timeouts.FirstByte);

        FetchException error = await Assert.ThrowsAsync<FetchException>(() => answer);

        Assert.Equal(FetchFailure.TimedOut, error.Failure);
        Assert.Equal(0, _time.ArmedTimers);
    }

    private async Task<OriginAnswer> SendAsync(HttpMessageHandler handler)
    {
        OriginConfiguration origin = FetchBench.OriginConfiguration;
        using HttpMessageInvoker client = new(handler, disposeHandler: false);
        ClusterState cluster = new(origin.Name, new ClusterModel(new ClusterConfig { ClusterId = origin.Name }, client));
        DestinationState destination = new("one", new DestinationModel(new DestinationConfig { Address = "http://127.0.0.1:1/" }));
        OriginRead read = new()
        {
            Target = _bench.Read().Target,
            Requester = new Requester("client", FetchClass.Demand),
            Method = HttpMethod.Get,
        };
        ProxyMetrics metrics = new(_meters.GetRequiredService<IMeterFactory>(), _bench.Memory, _bench.Tables);
        EndpointSender sender = new(new OriginSigning(_time, NullLogger<OriginSigning>.Instance), metrics, _time);
        return await sender.SendAsync(read, origin, cluster, destination, CancellationToken.None);
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Sent => _sent.Task;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _sent.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            throw new InvalidOperationException("Nobody waits that long.");
        }
    }
}
