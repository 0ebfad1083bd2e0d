using System.Buffers;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace S3Proxy.Testing.Redis;

/// <summary>
/// A plain connection to a Redis server, for what tests do to it and ask it: commands one after the other (RESP2). Not thread-safe. Errors of the server are exceptions.
/// </summary>
internal sealed class RespConnection : IDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(20);
    private readonly TcpClient _client;
    private readonly Stream _stream;
    private readonly byte[] _one = new byte[1];

    private RespConnection(TcpClient client, Stream stream)
    {
        _client = client;
        _stream = stream;
    }

    /// <summary>Connects.</summary>
    /// <param name="port">Port of 127.0.0.1.</param>
    /// <param name="caFile">PEM file of the authority to trust; null for no TLS.</param>
    /// <param name="password">Of the default user; null for none.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<RespConnection> OpenAsync(int port, string? caFile, string? password, CancellationToken cancellationToken)
    {
        TcpClient client = new() { NoDelay = true };
        try
        {
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            Stream stream = client.GetStream();
            if (caFile is not null)
            {
                X509ChainPolicy trust = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                trust.CustomTrustStore.ImportFromPemFile(caFile);
                SslStream encrypted = new(stream);
                stream = encrypted;
                await encrypted.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = trust }, cancellationToken);
            }

            RespConnection connection = new(client, stream);
            if (password is not null)
            {
                await connection.SendAsync("AUTH", password);
            }

            return connection;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Sends a command and reads its answer: null, a number, a text (bytes as Latin-1), or a list of those.</summary>
    /// <exception cref="RedisServerException">The server answered an error.</exception>
    public async Task<object?> SendAsync(params string[] command)
    {
        using CancellationTokenSource limit = new(AnswerLimit);
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (string part in command)
        {
            text.Append(CultureInfo.InvariantCulture, $"${part.Length}\r\n{part}\r\n");
        }

        await _stream.WriteAsync(Encoding.Latin1.GetBytes(text.ToString()), limit.Token);
        await _stream.FlushAsync(limit.Token);
        return await ReadAsync(limit.Token);
    }

    public void Dispose()
    {
        _stream.Dispose();
        _client.Dispose();
    }

    private async Task<object?> ReadAsync(CancellationToken cancellationToken)
    {
        string line = await ReadLineAsync(cancellationToken);
        string rest = line[1..];
        switch (line[0])
        {
            case '+':
                return rest;
            case '-':
                throw new RedisServerException(rest);
            case ':':
                return long.Parse(rest, CultureInfo.InvariantCulture);
            case '$':
                int length = int.Parse(rest, CultureInfo.InvariantCulture);
                return length < 0 ? null : await ReadBytesAsync(length, cancellationToken);
            case '*':
                int count = int.Parse(rest, CultureInfo.InvariantCulture);
                object?[] items = new object?[Math.Max(0, count)];
                for (int i = 0; i < items.Length; i++)
                {
                    items[i] = await ReadAsync(cancellationToken);
                }

                return items;
            default:
                throw new InvalidDataException($"The server sent '{line}'.");
        }
    }

    private async Task<string> ReadBytesAsync(int length, CancellationToken cancellationToken)
    {
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length + 2);
        try
        {
            await _stream.ReadExactlyAsync(bytes.AsMemory(0, length + 2), cancellationToken);
            return Encoding.Latin1.GetString(bytes, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        StringBuilder line = new();
        while (true)
        {
            await _stream.ReadExactlyAsync(_one, cancellationToken);
            if (_one[0] == '\n')
            {
                return line.ToString();
            }

            if (_one[0] != '\r')
            {
                line.Append((char)_one[0]);
            }
        }
    }
}
