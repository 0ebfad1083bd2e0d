using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using S3Proxy.Pipeline;

namespace S3Proxy.Tests.FastPath;

/// <content>Answers that the client's socket does not take at once, in a read or while one waits.</content>
public sealed partial class FastPathReaderTests
{
    private const string Large = "/hit/65536";

    /// <summary>What the client's socket does not take is kept, and its next request is not looked at before.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_does_not_read_gets_its_bytes_later_and_no_more_than_one_answer_is_kept(bool isWaiting)
    {
        const int Bytes = 60_000;
        const int Requests = 200;
        await ConnectAsync(bufferBytes: 4096);
        ListenerFeature listener = new(ListenerRole.Data);
        _connection.Features.Set(listener);
        Task<ReadResult>? waiting = isWaiting ? ReadAsync() : null;
        await SendAsync(string.Concat(Enumerable.Repeat(Request($"/hit/{Bytes}"), Requests)));
        Task<ReadResult> reading = waiting ?? ReadAsync();
        await UntilAsync(() => listener.RunningRequests > 0);
        Assert.InRange(_pipeline.Ended, 1, Requests - 1);
        for (int i = 0; i < Requests; i++)
        {
            await AssertAnsweredAsync($"/hit/{Bytes}");
        }

        await AssertEndedAsync(Requests);
        await UntilAsync(() => listener.RunningRequests == 0);
        _connection.Transport.Input.CancelPendingRead();
        Assert.True((await reading).IsCanceled);
    }

    /// <summary>The server bounds what it sends itself; of this it knows nothing.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_takes_nothing_of_an_answer_is_cut_off_by_the_minimum_data_rate(bool isWaiting)
    {
        Task<ReadResult> reading = await AskWithoutReadingAsync(isWaiting);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(reading.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(60.1));
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading.WaitAsync(Limit, TimeProvider.System));
        await Assert.ThrowsAsync<SocketException>(() => _pair.ReceiveAsync(200 * 70_000));
    }

    /// <summary>A part of an answer must not look like the whole, whoever ends the connection, and the server must hear of it.</summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_connection_that_ends_with_an_answer_unsent_is_reset(bool isInOrder, bool isWaiting)
    {
        Task<ReadResult> reading = await AskWithoutReadingAsync(isWaiting);
        _connection.Abort(isInOrder ? null! : new ConnectionAbortedException("enough"));
        await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading.WaitAsync(Limit, TimeProvider.System));
        await Assert.ThrowsAsync<SocketException>(() => _pair.ReceiveAsync(200 * 70_000));
        Assert.Equal(0, _connection.Features.Get<ListenerFeature>()!.RunningRequests);
    }

    /// <summary>
    /// The server's read is cancelled while an answer is on its way, and other requests are there: it hears of that after the whole answer, and sees what is left from the beginning of a request. Otherwise it would
    /// write into the answer, or answer once more.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_wants_to_end_hears_of_it_after_the_answer_that_is_on_its_way(bool isWaiting)
    {
        const int Requests = 200;
        Task<ReadResult> reading = await AskWithoutReadingAsync(isWaiting);
        _connection.Transport.Input.CancelPendingRead();
        int ended = _pipeline.Ended;
        for (int i = 0; i < ended - 1; i++)
        {
            await AssertAnsweredAsync("/hit/60000");
        }

        Assert.Equal(ended, _pipeline.Ended);
        await AssertAnsweredAsync("/hit/60000");
        ReadResult result = await reading;
        Assert.True(result.IsCanceled);
        Assert.StartsWith(Request("/hit/60000"), Encoding.ASCII.GetString(result.Buffer), StringComparison.Ordinal);
        _connection.Transport.Input.AdvanceTo(result.Buffer.Start);
        for (int seen = 0; seen < (Requests - ended) * Request("/hit/60000").Length;)
        {
            result = await ReadAsync();
            seen += (int)result.Buffer.Length;
            _connection.Transport.Input.AdvanceTo(result.Buffer.End);
        }

        Assert.Equal(ended, _pipeline.Ended);
    }

    [Fact]
    public async Task The_next_request_waits_for_an_unfinished_answer_and_one_after_it_does_not()
    {
        (ListenerFeature listener, Task<ReadResult> reading) = await AskForMoreThanFitsAsync();
        await SendAsync(Request("/hit/7"));
        await AssertAnsweredAsync(Large);
        await AssertAnsweredAsync("/hit/7");
        await UntilAsync(() => listener.RunningRequests == 0);
        await AskAsync("/hit/9");

        // Once more, with the next request after the end.
        await SendAsync(Request(Large));
        await AssertAnsweredAsync(Large);
        await UntilAsync(() => listener.RunningRequests == 0);
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

    /// <summary>Asks for far more than the socket takes, and waits until it takes no more. Returns the server's read.</summary>
    private async Task<Task<ReadResult>> AskWithoutReadingAsync(bool isWaiting)
    {
        await ConnectAsync(bufferBytes: 4096);
        ListenerFeature listener = new(ListenerRole.Data);
        _connection.Features.Set(listener);
        Task<ReadResult>? waiting = isWaiting ? ReadAsync() : null;
        await SendAsync(string.Concat(Enumerable.Repeat(Request("/hit/60000"), 200)));
        Task<ReadResult> reading = waiting ?? ReadAsync();
        await UntilAsync(() => listener.RunningRequests > 0);
        return reading;
    }

    /// <summary>Asks for one answer that is larger than the sockets' buffers, while a read waits, and waits until it is on its way.</summary>
    private async Task<(ListenerFeature Listener, Task<ReadResult> Reading)> AskForMoreThanFitsAsync()
    {
        await ConnectAsync(bufferBytes: 4096);
        ListenerFeature listener = new(ListenerRole.Data);
        _connection.Features.Set(listener);
        Task<ReadResult> reading = ReadAsync();
        await SendAsync(Request(Large));
        await UntilAsync(() => listener.RunningRequests > 0);
        return (listener, reading);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(Limit);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
