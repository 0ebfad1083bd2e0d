using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using S3Proxy.Pipeline;

namespace S3Proxy.Tests.FastPath;

/// <content>An answer that the client's socket does not take at once, begun while the server's read waits, with nothing behind the request: the read goes on waiting.</content>
public sealed partial class FastPathReaderTests
{
    private const string Large = "/hit/65536";

    [Fact]
    public async Task The_next_request_waits_for_an_unfinished_answer_and_one_after_it_does_not()
    {
        (ListenerFeature listener, Task<ReadResult> reading) = await AskForMoreThanFitsAsync();
        await SendAsync(Request("/hit/7"));
        await AssertAnsweredAsync(Large);
        await AssertAnsweredAsync("/hit/7");
        await AssertIdleAsync(listener);
        await AskAsync("/hit/9");

        // Once more, with the next request after the end.
        await SendAsync(Request(Large));
        await AssertAnsweredAsync(Large);
        await AssertIdleAsync(listener);
        await AskAsync("/hit/8");
        Assert.False(reading.IsCompleted);
        await AssertEndedAsync(5);
    }

    [Fact]
    public async Task A_server_whose_read_is_cancelled_hears_of_it_after_an_unfinished_answer()
    {
        (_, Task<ReadResult> reading) = await AskForMoreThanFitsAsync();
        _connection.Transport.Input.CancelPendingRead();
        Assert.False(reading.IsCompleted);
        await AssertAnsweredAsync(Large);
        ReadResult result = await reading;
        Assert.True(result is { IsCanceled: true, Buffer.IsEmpty: true });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_aborts_hears_of_it_when_nothing_is_sent_any_more(bool isInOrder)
    {
        (ListenerFeature listener, Task<ReadResult> reading) = await AskForMoreThanFitsAsync();
        _connection.Abort(isInOrder ? null! : new ConnectionAbortedException("enough"));
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading);
        Assert.Equal(0, listener.RunningRequests);
        await Assert.ThrowsAsync<SocketException>(() => _pair.ReceiveAsync(70_000));
    }

    [Fact]
    public async Task The_minimum_data_rate_bounds_an_unfinished_answer_too()
    {
        (ListenerFeature listener, Task<ReadResult> reading) = await AskForMoreThanFitsAsync();
        _time.Advance(TimeSpan.FromSeconds(64));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading);
        Assert.Equal(0, listener.RunningRequests);
    }

    [Fact]
    public async Task A_client_that_sends_no_more_gets_the_whole_answer_before_the_server_hears_of_it()
    {
        (_, Task<ReadResult> reading) = await AskForMoreThanFitsAsync();
        _pair.Client.Shutdown(SocketShutdown.Send);
        await AssertAnsweredAsync(Large);
        Assert.True(await reading is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    /// <summary>A part must not look like the whole.</summary>
    [Fact]
    public async Task A_connection_that_is_disposed_with_an_unfinished_answer_is_reset()
    {
        _ = await AskForMoreThanFitsAsync();
        await _connection.DisposeAsync();
        await Assert.ThrowsAsync<SocketException>(() => _pair.ReceiveAsync(70_000));
    }

    /// <summary>The stages are asked once of a request that is not answered, though it came while the read waited, and the server sees it once, though its read is cancelled then.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_nobody_answers_is_looked_at_once(bool isCancelled)
    {
        int asked = 0;
        _pipeline.Asked = _ =>
        {
            asked++;
            if (isCancelled)
            {
                _connection.Transport.Input.CancelPendingRead();
            }
        };
        Task<ReadResult> reading = ReadAsync();
        await SendAsync(Request("/miss/1"));
        ReadResult result = await reading;
        Assert.Equal(isCancelled, result.IsCanceled);
        Assert.Equal(Request("/miss/1"), Encoding.ASCII.GetString(result.Buffer));
        _connection.Transport.Input.AdvanceTo(result.Buffer.End);
        Assert.Equal(1, asked);
    }

    /// <summary>Asks for one answer that is larger than the sockets' buffers, while a read waits, and waits until it is on its way.</summary>
    private async Task<(ListenerFeature Listener, Task<ReadResult> Reading)> AskForMoreThanFitsAsync()
    {
        await ConnectAsync(bufferBytes: 4096);
        ListenerFeature listener = new(ListenerRole.Data);
        _connection.Features.Set(listener);
        Task<ReadResult> reading = ReadAsync();
        await SendAsync(Request(Large));
        using CancellationTokenSource limit = new(Limit);
        while (listener.RunningRequests == 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        return (listener, reading);
    }

    private static async Task AssertIdleAsync(ListenerFeature listener)
    {
        using CancellationTokenSource limit = new(Limit);
        while (listener.RunningRequests > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
