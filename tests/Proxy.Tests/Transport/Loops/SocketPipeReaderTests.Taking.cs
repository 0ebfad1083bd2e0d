using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using S3Proxy.Transport.Loops;

namespace S3Proxy.Tests.Transport.Loops;

/// <content>What is taken while a read waits.</content>
public sealed partial class SocketPipeReaderTests
{
    private delegate int Taking(ReadOnlySpan<byte> bytes, out bool mayGoOn);

    [Fact]
    public async Task What_is_taken_while_a_read_waits_does_not_wake_it_and_what_is_left_does()
    {
        using SemaphoreSlim taken = new(0);
        List<string> pieces = [];
        Taker taker = new((bytes, out mayGoOn) =>
        {
            string text = Encoding.ASCII.GetString(bytes);
            pieces.Add(text);
            mayGoOn = !text.Contains('|', StringComparison.Ordinal);
            taken.Release();
            return mayGoOn ? bytes.Length : text.IndexOf('|', StringComparison.Ordinal);
        });
        Task<ReadResult> reading = _reader.ReadAsync(taker, default).AsTask();
        foreach (string text in new[] { "ab", "cde", "f" })
        {
            await _pair.Client.SendAsync(Encoding.ASCII.GetBytes(text));
            Assert.True(await taken.WaitAsync(Limit));
            Assert.False(reading.IsCompleted);
        }

        await _pair.Client.SendAsync("gh|ij"u8.ToArray());
        ReadResult result = await reading.WaitAsync(Limit, TimeProvider.System);
        Assert.Equal("|ij"u8.ToArray(), result.Buffer.ToArray());
        Assert.Equal(["ab", "cde", "f", "gh|ij"], pieces);
    }

    [Fact]
    public async Task Nothing_is_taken_behind_bytes_that_are_there_or_from_who_reads_without_a_taker()
    {
        Taker never = new((_, out _) => throw new InvalidOperationException("Taken."));
        Task<ReadResult> reading = _reader.ReadAsync(new Taker((_, out mayGoOn) => Stop(out mayGoOn)), default).AsTask();
        await _pair.Client.SendAsync("a"u8.ToArray());
        ReadResult result = await reading.WaitAsync(Limit, TimeProvider.System);
        _reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        reading = _reader.ReadAsync(never, default).AsTask();
        await _pair.Client.SendAsync("b"u8.ToArray());
        result = await reading.WaitAsync(Limit, TimeProvider.System);
        Assert.Equal("ab"u8.ToArray(), result.Buffer.ToArray());

        // The next read is one without.
        _reader.AdvanceTo(result.Buffer.End);
        reading = _reader.ReadAsync().AsTask();
        await _pair.Client.SendAsync("c"u8.ToArray());
        Assert.Equal("c"u8.ToArray(), (await reading.WaitAsync(Limit, TimeProvider.System)).Buffer.ToArray());
    }

    [Fact]
    public async Task A_taker_that_fails_fails_the_read()
    {
        Task<ReadResult> reading = _reader.ReadAsync(new Taker((_, out _) => throw new InvalidOperationException("A bug.")), default).AsTask();
        await _pair.Client.SendAsync("a"u8.ToArray());
        Assert.Equal("A bug.", (await Assert.ThrowsAsync<InvalidOperationException>(() => reading.WaitAsync(Limit, TimeProvider.System))).Message);
    }

    /// <summary>Nobody knows what became of bytes whose taker failed: they are never shown, though the read is cancelled as well.</summary>
    [Fact]
    public async Task The_failure_of_a_taker_comes_before_a_cancellation()
    {
        Taker taker = new((_, out _) =>
        {
            _reader.CancelPendingRead();
            throw new InvalidOperationException("A bug.");
        });
        Task<ReadResult> reading = _reader.ReadAsync(taker, default).AsTask();
        await _pair.Client.SendAsync("a"u8.ToArray());
        InvalidOperationException failure = await Assert.ThrowsAsync<InvalidOperationException>(() => reading.WaitAsync(Limit, TimeProvider.System));
        Assert.Contains(nameof(The_failure_of_a_taker_comes_before_a_cancellation), failure.StackTrace, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await _reader.ReadAsync());
    }

    /// <summary>Takes one byte at a time of many.</summary>
    [Theory]
    [InlineData("nothing", SocketPipeReader.TurnSteps)]
    [InlineData("cancel", 3)]
    [InlineData("fail", 3)]
    public async Task Nothing_more_is_taken_after_a_turn_or_an_interruption(string what, int expected)
    {
        int takes = 0;
        Taker taker = new((_, out mayGoOn) =>
        {
            mayGoOn = true;
            if (++takes == 3)
            {
                if (what == "cancel")
                {
                    _reader.CancelPendingRead();
                }
                else if (what == "fail")
                {
                    _reader.Fail(new TimeoutException());
                }
            }

            return 1;
        });
        Task<(ReadResult Result, int More)> reading = await Task.Run(() => Task.FromResult(ReadTurnAsync()));
        Assert.False(reading.IsCompleted);
        await _pair.Client.SendAsync(new byte[2 * SocketPipeReader.TurnSteps]);
        if (what == "fail")
        {
            await Assert.ThrowsAsync<TimeoutException>(() => reading.WaitAsync(Limit, TimeProvider.System));
            Assert.Equal(expected, takes);
            return;
        }

        (ReadResult result, int more) = await reading.WaitAsync(Limit, TimeProvider.System);
        Assert.Equal(expected, takes);
        Assert.Equal(what == "cancel", result.IsCanceled);
        Assert.Equal((2 * SocketPipeReader.TurnSteps) - expected, result.Buffer.Length);

        // What was taken counts as a part of the turn.
        Assert.Equal(SocketPipeReader.TurnSteps - expected, more);

        // On the loop's thread from the first byte on, so that its next turn cannot come in between.
        async Task<(ReadResult First, int More)> ReadTurnAsync()
        {
            ReadResult first = await _reader.ReadAsync(taker, default).ConfigureAwait(false);
            SequencePosition next = first.Buffer.GetPosition(1);
            for (int more = 0; ; more++)
            {
                _reader.AdvanceTo(next);
                Task<ReadResult> read = _reader.ReadAsync().AsTask();
                if (!read.IsCompleted)
                {
                    return (first, more);
                }

                next = (await read).Buffer.GetPosition(1);
            }
        }
    }

    /// <summary>Whoever interrupts the read does so at any moment; what was taken stays taken.</summary>
    [Theory]
    [InlineData("cancel")]
    [InlineData("fail")]
    [InlineData("complete")]
    public async Task What_comes_while_bytes_are_taken_is_told_after_it(string what)
    {
        Taker taker = new((bytes, out mayGoOn) =>
        {
            mayGoOn = true;
            switch (what)
            {
                case "cancel":
                    _reader.CancelPendingRead();
                    break;
                case "fail":
                    _reader.Fail(new TimeoutException());
                    break;
                default:
                    _reader.Complete();
                    break;
            }

            return bytes.Length;
        });
        Task<ReadResult> reading = _reader.ReadAsync(taker, default).AsTask();
        await _pair.Client.SendAsync("a"u8.ToArray());
        Task<ReadResult> told = reading.WaitAsync(Limit, TimeProvider.System);
        switch (what)
        {
            case "cancel":
                Assert.True(await told is { IsCanceled: true, Buffer.IsEmpty: true });
                break;
            case "fail":
                Assert.NotNull(await Record.ExceptionAsync(() => told));
                await Assert.ThrowsAsync<TimeoutException>(async () => await _reader.ReadAsync());
                break;
            default:
                await Assert.ThrowsAsync<InvalidOperationException>(() => told);
                break;
        }
    }

    /// <summary>Whoever takes them, and however much at a time, the bytes come once, in their order; though the read is cancelled now and then. Each piece is sent when all before it has come, while somebody waits.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Everything_comes_once_whoever_takes_it(int seed)
    {
        Random random = new(seed);
        byte[] sent = new byte[4 << 20];
        random.NextBytes(sent);
        List<byte> received = new(sent.Length);
        int count = 0;
        int takes = 0;
        Taker taker = new((bytes, out mayGoOn) =>
        {
            takes++;
            int taken = random.Next(4) == 0 ? random.Next(bytes.Length + 1) : bytes.Length;
            mayGoOn = taken > 0 && random.Next(8) > 0;
            received.AddRange(bytes[..taken]);
            Volatile.Write(ref count, received.Count);
            return taken;
        });
        using CancellationTokenSource limit = new(Limit);
        Random sizes = new(-seed);
        Task<ReadResult> reading = _reader.ReadAsync(taker, default).AsTask();
        for (int at = 0; at < sent.Length;)
        {
            if (sizes.Next(10) == 0)
            {
                _reader.CancelPendingRead();
            }

            at += await _pair.Client.SendAsync(sent.AsMemory(at, Math.Min(sent.Length - at, 1 + sizes.Next(1 << sizes.Next(15)))));
            while (Volatile.Read(ref count) < at)
            {
                limit.Token.ThrowIfCancellationRequested();
                if (!reading.IsCompleted)
                {
                    await Task.Yield();
                    continue;
                }

                ReadResult result = await reading;
                int consumed = random.Next(4) > 0 ? (int)result.Buffer.Length : random.Next((int)result.Buffer.Length + 1);
                received.AddRange(result.Buffer.Slice(0, consumed).ToArray());
                Volatile.Write(ref count, received.Count);
                _reader.AdvanceTo(result.Buffer.GetPosition(consumed));
                reading = _reader.ReadAsync(taker, default).AsTask();
            }
        }

        Assert.True(sent.AsSpan().SequenceEqual([.. received]));
        Assert.True(takes > 100, $"Taken from {takes} times only.");
    }

    private static int Stop(out bool mayGoOn)
    {
        mayGoOn = false;
        return 0;
    }

    private sealed class Taker(Taking take) : IInputTaker
    {
        public int Take(ReadOnlySpan<byte> bytes, out bool mayGoOn) => take(bytes, out mayGoOn);
    }
}
