using System.Globalization;
using System.Text;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.FunctionalTests;

/// <summary>
/// A client that reads its object only when told, through a small socket buffer, and checks every byte. What it has not asked for stands in the kernel's
/// buffers and in the proxy. Not thread-safe.
/// </summary>
internal sealed class SteppedReader : IDisposable
{
    private const int PieceBytes = 64 * 1024;

    private readonly RawConnection _connection;
    private readonly IntegrityStream _sink;

    private SteppedReader(RawConnection connection, IntegrityStream sink)
    {
        _connection = connection;
        _sink = sink;
    }

    /// <summary>Sends an unsigned GET and reads the headers of its 200.</summary>
    public static async Task<SteppedReader> OpenAsync(TestProxy proxy, string key, SyntheticContent content, int receiveBufferBytes)
    {
        RawConnection connection = await RawConnection.OpenAsync(proxy.Data, receiveBufferBytes);
        await connection.SendAsync($"GET /{TestProxy.Bucket}/{key} HTTP/1.1\r\nHost: proxy\r\n\r\n");
        StringBuilder headers = new();
        while (!headers.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            headers.Append(Encoding.Latin1.GetString(await connection.ReceiveAsync(1)));
        }

        Assert.StartsWith("HTTP/1.1 200 ", headers.ToString(), StringComparison.Ordinal);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {content.Length}\r\n"), headers.ToString(), StringComparison.OrdinalIgnoreCase);
        return new SteppedReader(connection, new IntegrityStream(content, 0, content.Length));
    }

    /// <summary>Reads and checks the next <paramref name="bytes"/> bytes.</summary>
    public async Task ReadAsync(long bytes)
    {
        for (long left = bytes; left > 0;)
        {
            byte[] piece = await _connection.ReceiveAsync((int)Math.Min(left, PieceBytes));
            _sink.Write(piece);
            Assert.True(piece.Length > 0 && _sink.Result.IsPrefix, _sink.Result.ToString());
            left -= piece.Length;
        }
    }

    /// <summary>Reads and checks what is left.</summary>
    public async Task ReadToEndAsync()
    {
        await ReadAsync(_sink.ExpectedBytes - _sink.BytesSeen);
        Assert.True(_sink.Result.IsExact, _sink.Result.ToString());
    }

    public void Dispose() => _connection.Reset();
}
