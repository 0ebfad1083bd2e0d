using System.IO.Pipelines;
using System.Net.Sockets;
using S3Proxy.Coalescing;

namespace S3Proxy.Tests.Transport;

/// <content>Answers that are sent as a whole.</content>
public sealed partial class DirectPipeWriterTests
{
    /// <summary>Whatever the socket takes of an answer at once, all of it arrives once, and nothing else is sent meanwhile.</summary>
    [Theory]
    [InlineData(null, 0)]
    [InlineData(null, 60_000)]
    [InlineData(4096, 0)]
    [InlineData(4096, 60_000)]
    public async Task An_answer_that_is_sent_as_a_whole_arrives_whole(int? bufferBytes, int bodyBytes)
    {
        await ConnectAsync(bufferBytes);
        BodySegment page = RentPage(fill: 7);
        byte[] head = Filled(300, 5);
        byte[] body = page.Memory.ToArray()[..bodyBytes];
        ReadOnlyMemory<byte>[] pieces = bodyBytes == 0 ? [] : [page.Memory[..1000], page.Memory[1000..bodyBytes]];
        const int Answers = 40;
        int total = Answers * (head.Length + bodyBytes);
        Task<byte[]>? receiving = null;
        for (int i = 0; i < Answers; i++)
        {
            ValueTask<FlushResult> sending = _writer.SendAsync(head, pieces);
            if (!sending.IsCompleted)
            {
                Assert.True(_writer.HasUnsent);
                Assert.Throws<InvalidOperationException>(() => _writer.GetMemory());
                receiving ??= _pair.ReceiveAsync(total);
            }

            Assert.False((await sending).IsCompleted);
            Assert.False(_writer.HasUnsent);
        }

        byte[] received = await (receiving ?? _pair.ReceiveAsync(total));
        Assert.True(Enumerable.Repeat<byte[]>([.. head, .. body], Answers).SelectMany(static bytes => bytes).SequenceEqual(received));
        _pool.TakeBack(page);
    }

    [Fact]
    public async Task An_answer_for_an_output_that_was_completed_is_not_sent()
    {
        await _writer.CompleteAsync();
        Assert.True((await _writer.SendAsync(Filled(10, 1), [])).IsCompleted);
        _pair.Server.Shutdown(SocketShutdown.Send);
        Assert.Empty(await _pair.ReceiveAsync(1));
    }

    [Fact]
    public async Task An_answer_for_a_client_that_has_left_aborts_the_connection()
    {
        _pair.Client.LingerState = new LingerOption(true, 0);
        _pair.Client.Close();
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(30));
        while (!(await _writer.SendAsync(Filled(10, 1), [])).IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.True(_connection.IsAborted);
        Assert.True((await _writer.SendAsync(Filled(10, 1), [])).IsCompleted);
    }
}
