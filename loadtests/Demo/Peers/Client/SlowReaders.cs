using System.Net;
using System.Net.Sockets;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Peers.Client;

/// <summary>Clients that each read an object at a low rate, with a small window, and begin anew at its end, until they are told to stop. Every byte is compared.</summary>
/// <param name="endpoint">The server.</param>
/// <param name="content">What the body is a window of.</param>
/// <param name="bytesPerSecond">Rate of each.</param>
internal sealed class SlowReaders(Uri endpoint, SyntheticContent content, int bytesPerSecond)
{
    private const int WindowBytes = 64 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private int _errors;
    private string? _firstError;

    /// <summary>Failed reads.</summary>
    public int Errors => Volatile.Read(ref _errors);

    /// <summary>What the first of them met.</summary>
    public string? FirstError => Volatile.Read(ref _firstError);

    /// <summary>Reads with a number of clients until cancelled; then completes normally.</summary>
    public Task RunAsync(int clients, Ask ask, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, clients).Select(_ => ReadAsync(ask, stop)));

    private async Task ReadAsync(Ask ask, CancellationToken stop)
    {
        byte[] buffer = new byte[Math.Max(1, (int)(bytesPerSecond * Interval.TotalSeconds))];
        while (!stop.IsCancellationRequested)
        {
            using LoadConnection connection = new(new IPEndPoint(IPAddress.Parse(endpoint.Host), endpoint.Port), content, WindowBytes);
            try
            {
                connection.Open();
                connection.Begin(ask, 1);
                while (!connection.Receive(buffer, 1))
                {
                    await Task.Delay(Interval, TimeProvider.System, stop);
                }

                Note(connection.Failure);
            }
            catch (SocketException failure)
            {
                Note(failure.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Note(string? failure)
    {
        if (failure is not null)
        {
            Interlocked.Increment(ref _errors);
            Interlocked.CompareExchange(ref _firstError, failure, null);
        }
    }
}
