using System.Net;
using System.Net.Sockets;
using System.Text;
using S3Proxy.Testing.Fleet;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.FleetTests;

/// <summary>A process with one processor, and so with one thread that hears all sockets and answers hits (docs/decisions/0022).</summary>
[Collection(Fleets.Name)]
public sealed class SocketThreadTests
{
    private const string Key = "hit.bin";
    private const int ObjectBytes = 1000;
    private const int EnoughBytes = 20_000;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Requests_sent_without_end_on_one_connection_keep_nobody_waiting()
    {
        FleetOptions options = new() { Replicas = 1, EnvironmentOf = static _ => new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = "1" } };
        await using ReplicaFleet fleet = await ReplicaFleet.StartAsync(options);
        SyntheticContent content = fleet.Origin.PutSynthetic(ReplicaFleet.Bucket, Key, ObjectBytes, 1);
        Uri endpoint = fleet.Replicas[0].Endpoint;
        Assert.Null((await fleet.Client.ReadAsync(endpoint, ReplicaFleet.Bucket, Key, content)).Failure);

        using CancellationTokenSource end = new();
        TaskCompletionSource[] underWay = [.. Enumerable.Range(0, 6).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        Task[] endless = [.. underWay.Select(answered => AskWithoutEndAsync(endpoint, answered, end.Token))];
        await Task.WhenAll(underWay.Select(answered => answered.Task)).WaitAsync(Limit);
        for (int i = 0; i < 50; i++)
        {
            FleetRead read = await fleet.Client.ReadAsync(endpoint, ReplicaFleet.Bucket, Key, content).WaitAsync(Limit);
            Assert.True(read.Failure is null, read.ToString());
        }

        await end.CancelAsync();
        await Task.WhenAll(endless);
    }

    /// <summary>Sends requests as fast as they are taken, and throws the answers away.</summary>
    private static async Task AskWithoutEndAsync(Uri endpoint, TaskCompletionSource answered, CancellationToken end)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, endpoint.Port));
        string request = $"HEAD /{ReplicaFleet.Bucket}/{Key} HTTP/1.1\r\nHost: {endpoint.Authority}\r\n\r\n";
        byte[] requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(request, 5000)));
        Task answers = Task.Run(() => DrainAsync(socket, answered, end), CancellationToken.None);
        try
        {
            while (true)
            {
                for (int sent = 0; sent < requests.Length;)
                {
                    sent += await socket.SendAsync(requests.AsMemory(sent), end);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            await answers;
        }
    }

    private static async Task DrainAsync(Socket socket, TaskCompletionSource answered, CancellationToken end)
    {
        byte[] buffer = new byte[256 * 1024];
        long total = 0;
        try
        {
            int read;
            while ((read = await socket.ReceiveAsync(buffer, end)) > 0)
            {
                total += read;
                if (total > EnoughBytes)
                {
                    answered.TrySetResult();
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Enough.
        }
    }
}
