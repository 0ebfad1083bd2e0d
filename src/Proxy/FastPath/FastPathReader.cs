using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using S3Proxy.Pipeline;
using S3Proxy.Transport;
using S3Proxy.Transport.Loops;

namespace S3Proxy.FastPath;

/// <summary>
/// Input of a connection that answers what can be answered at once, and shows the server only the other requests: each by itself, so that it is known where the next begins. From the first request on that is not
/// plainly a GET or HEAD without a body, everything is the server's.
/// </summary>
/// <remarks>
/// <para>As safe as <paramref name="input"/>: requests are answered within the server's own reads, so that nothing of the server runs meanwhile but aborts, which are thread-safe. It holds nothing while it waits for
/// a request but the bytes of its beginning, and while it waits for the client's socket a copy of what is left of the answer; it is woken by the socket, or by the connection's end. The first wait
/// is bounded by the server's keep-alive time-out, the second by its minimum data rate (<see cref="InstantAnswers.TimeFor"/>).</para>
/// <para>While a read waits, requests are answered on the loop's thread without waking it (<see cref="IInputTaker"/>); what comes of that is <c>_unfinished</c> and <c>_found</c>, which the read looks at first.</para>
/// <para>The server has its say from time to time (<see cref="InstantAnswers.ServersTurn"/>): it must not take a busy connection for an idle one.</para>
/// </remarks>
/// <param name="connection">The connection.</param>
/// <param name="input">What the client sends, in one piece at a time.</param>
/// <param name="output">The way back.</param>
/// <param name="answers">Answers at once.</param>
internal sealed class FastPathReader(ConnectionContext connection, PipeReader input, DirectPipeWriter output, InstantAnswers answers) : PipeReader, IInputTaker
{
    private readonly SocketPipeReader? _socketInput = input as SocketPipeReader;
    private readonly IPAddress? _remote = (connection.RemoteEndPoint as IPEndPoint)?.Address;
    private long _lentAt = answers.TimeProvider.GetTimestamp();
    private int _lentStart;
    private int _lentBytes;
    private bool _isServers;

    /// <summary>The end of an answer that was begun while the read waited; null when there is none, or it is there.</summary>
    private Task? _unfinished;

    /// <summary>What was found of the bytes that come next, while the read waited; null when nobody has looked at them.</summary>
    private (HeadVerdict Verdict, int HeadBytes)? _found;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        // A server that has not read all of a request reads on in it.
        _isServers |= _lentBytes > 0 || !answers.MayAnswer;
        return _isServers ? input.ReadAsync(cancellationToken) : AnswerAsync(cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        _isServers = true;
        return input.TryRead(out result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        input.AdvanceTo(consumed, examined);
        if (_lentBytes > 0)
        {
            int start = consumed.GetInteger();
            _lentBytes -= start - _lentStart;
            _lentStart = start;
        }
    }

    public override void CancelPendingRead() => input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => input.Complete(exception);

    /// <remarks>
    /// What is answered as a whole is taken, and nobody need know. An answer that the client's socket does not take at once is taken too, and whatever comes next waits for its end; everything else is looked at
    /// again by who reads.
    /// </remarks>
    int IInputTaker.Take(ReadOnlySpan<byte> bytes, out bool mayGoOn)
    {
        mayGoOn = false;
        if (_unfinished is { IsCompletedSuccessfully: false })
        {
            return 0;
        }

        _unfinished = null;
        HeadVerdict verdict = TryAnswer(bytes, out int headBytes, out ValueTask<FlushResult>? sending);
        if (verdict != HeadVerdict.Plain || sending is not { } answer)
        {
            _found = (verdict, headBytes);
            return 0;
        }

        mayGoOn = answer.IsCompletedSuccessfully;
        if (!mayGoOn)
        {
            _unfinished = FinishAsync(answer).AsTask();
        }

        return headBytes;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> AnswerAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result;
            try
            {
                result = _socketInput is { } socket ? await socket.ReadAsync(this, cancellationToken) : await input.ReadAsync(cancellationToken);
            }
            catch when (_unfinished is { IsCompleted: false })
            {
                // The connection is broken, which ends the answer too; the server hears of it when nothing is sent any more.
                await _unfinished.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw;
            }

            if (_unfinished is { } rest)
            {
                _unfinished = null;
                await rest;
                if (result is { IsCanceled: false, IsCompleted: false })
                {
                    // That may have been long ago.
                    input.AdvanceTo(result.Buffer.Start);
                    continue;
                }
            }

            ReadOnlySequence<byte> buffer = result.Buffer;
            if (result.IsCanceled || result.IsCompleted || !buffer.IsSingleSegment)
            {
                // The connection ends, or the server wants to end it.
                _isServers = true;
                return result;
            }

            HeadVerdict verdict = FindOrAnswer(buffer.FirstSpan, out int headBytes, out ValueTask<FlushResult>? sending);
            if (verdict == HeadVerdict.Incomplete)
            {
                input.AdvanceTo(buffer.Start, buffer.End);
            }
            else if (verdict == HeadVerdict.Other)
            {
                _isServers = true;
                return result;
            }
            else if (sending is { } answer)
            {
                input.AdvanceTo(buffer.GetPosition(headBytes));
                await FinishAsync(answer);
            }
            else
            {
                return Lend(buffer.Slice(0, headBytes));
            }
        }
    }

    /// <summary>What was found already stands: the bytes are those that nobody has taken since.</summary>
    private HeadVerdict FindOrAnswer(ReadOnlySpan<byte> bytes, out int headBytes, out ValueTask<FlushResult>? sending)
    {
        if (_found is not { } found)
        {
            return TryAnswer(bytes, out headBytes, out sending);
        }

        _found = null;
        sending = null;
        headBytes = found.HeadBytes;
        return found.Verdict;
    }

    private HeadVerdict TryAnswer(ReadOnlySpan<byte> bytes, out int headBytes, out ValueTask<FlushResult>? sending)
    {
        bool isServersTurn = output.HasUnsent || answers.TimeProvider.GetElapsedTime(_lentAt) >= answers.ServersTurn;
        return answers.TryAnswer(bytes, _remote, isServersTurn ? null : output, out headBytes, out sending);
    }

    private ReadResult Lend(ReadOnlySequence<byte> request)
    {
        _lentAt = answers.TimeProvider.GetTimestamp();
        _lentStart = request.Start.GetInteger();
        _lentBytes = (int)request.Length;
        return new ReadResult(request, isCanceled: false, isCompleted: false);
    }

    private ValueTask<FlushResult> FinishAsync(ValueTask<FlushResult> sending) => sending.IsCompletedSuccessfully ? sending : FinishSlowAsync(sending);

    /// <summary>
    /// Waits for the client's socket. The connection must not be ended in order before it has the rest of the answer; and since the server, which bounds such waits, knows nothing of this one, it is bounded here.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FlushResult> FinishSlowAsync(ValueTask<FlushResult> sending)
    {
        ListenerFeature? listener = connection.Features.Get<ListenerFeature>();
        using CancellationTokenSource limit = new(answers.TimeFor(output.AnswerBytes), answers.TimeProvider);
        using CancellationTokenRegistration registration = limit.Token.UnsafeRegister(
            static late => ((ConnectionContext)late!).Abort(new ConnectionAbortedException("The client takes its answer more slowly than the minimum data rate.")), connection);
        listener?.Enter();
        try
        {
            return await sending;
        }
        finally
        {
            listener?.Leave();
        }
    }
}
