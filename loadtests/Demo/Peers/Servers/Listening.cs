using System.Net;
using System.Net.Sockets;
using S3Proxy.Demo.Processes;
using S3Proxy.Testing.Programs;

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>Waits for servers that do not tell when they listen.</summary>
internal static class Listening
{
    private const int LinesShown = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Completes when all ports of 127.0.0.1 take connections.</summary>
    /// <exception cref="ProxyStartException">The process ended or did not listen in time; the message has what it wrote.</exception>
    public static async Task WaitAsync(string name, SupervisedProcess process, int[] ports, CancellationToken cancellationToken)
    {
        TimeProvider time = TimeProvider.System;
        long started = time.GetTimestamp();
        foreach (int port in ports)
        {
            while (!await AcceptsAsync(port, cancellationToken))
            {
                if (process.HasEnded || time.GetElapsedTime(started) > Limit)
                {
                    string reason = process.HasEnded ? "ended" : $"did not listen within {Limit}";
                    throw new ProxyStartException($"{name} {reason}. It wrote:\n{string.Join('\n', File.ReadLines(process.ErrorFile).TakeLast(LinesShown))}");
                }

                await Task.Delay(Interval, time, cancellationToken);
            }
        }
    }

    private static async Task<bool> AcceptsAsync(int port, CancellationToken cancellationToken)
    {
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
