using S3Proxy.Telemetry;
using S3Proxy.Transport;
using StackExchange.Redis;

namespace S3Proxy.Caching.Redis;

/// <summary>
/// Sends commands with a bound on their time, which the library's asynchronous calls do not have, through a breaker, and counts them. Thread-safe.
/// </summary>
internal sealed class RedisCalls(TimeSpan timeout, RedisBreaker breaker, RedisMetrics metrics, TimeProvider timeProvider)
{
    private readonly RedisBreaker _breaker = breaker;

    /// <summary>Sends a command.</summary>
    /// <param name="command">Its name in metrics.</param>
    /// <param name="connection">Where it goes.</param>
    /// <param name="send">Hands the command to the library.</param>
    /// <param name="state">For <paramref name="send"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the command may be done all the same.</param>
    /// <exception cref="RedisUnavailableException">No answer.</exception>
    public async ValueTask<T> SendAsync<TState, T>(
        string command, RedisConnection connection, Func<ConnectionMultiplexer, TState, Task<T>> send, TState state, CancellationToken cancellationToken)
    {
        long begin = timeProvider.GetTimestamp();
        RedisCallResult result = RedisCallResult.Cancelled;
        try
        {
            T answer = await _breaker.ExecuteAsync(
                static (call, token) => call.Self.SendOnceAsync(call.Connection, call.Send, call.State, token),
                (Self: this, Connection: connection, Send: send, State: state),
                cancellationToken);
            result = RedisCallResult.Ok;
            await PoolThread.Switch();
            return answer;
        }
        catch (RedisUnavailableException error)
        {
            result = error.Result;
            throw;
        }
        finally
        {
            metrics.Ended(command, result, timeProvider.GetElapsedTime(begin));
        }
    }

    private async ValueTask<T> SendOnceAsync<TState, T>(
        RedisConnection connection, Func<ConnectionMultiplexer, TState, Task<T>> send, TState state, CancellationToken cancellationToken)
    {
        Task<T>? command = null;
        try
        {
            Task<ConnectionMultiplexer> ready = connection.Ready;
            ConnectionMultiplexer multiplexer = ready.IsCompletedSuccessfully ? await ready : await ready.WaitAsync(timeout, timeProvider, cancellationToken);
            command = send(multiplexer, state);
            T answer = await command.WaitAsync(timeout, timeProvider, cancellationToken);
            connection.Answered();
            return answer;
        }
        catch (Exception error) when (Translate(error, cancellationToken) is { } translated)
        {
            Forget(command);
            Tell(connection, translated.Result);
            throw translated;
        }
    }

    private static void Tell(RedisConnection connection, RedisCallResult result)
    {
        if (result == RedisCallResult.TimedOut)
        {
            connection.TimedOut();
        }
        else if (result == RedisCallResult.Unreachable)
        {
            connection.Unreachable();
        }
        else if (result is RedisCallResult.Refused or RedisCallResult.Unable)
        {
            connection.Answered();
        }
    }

    /// <summary>Null for the caller's own cancellation and for what is nobody's fault but ours.</summary>
    private RedisUnavailableException? Translate(Exception error, CancellationToken cancellationToken) => error switch
    {
        TimeoutException => new($"Redis did not answer within {timeout.TotalMilliseconds:0} ms.", error) { Result = RedisCallResult.TimedOut },
        RedisServerException => new($"Redis refused: {FirstWord(error.Message)}.", error) { Result = ResultOf(error.Message) },
        // The client refuses some commands by itself, such as writes while it knows of a replica only; that is no RedisException.
        RedisException or RedisCommandException => new("Redis cannot be reached.", error) { Result = RedisCallResult.Unreachable },
        ObjectDisposedException or OperationCanceledException when !cancellationToken.IsCancellationRequested =>
            new("The connection to Redis was closed.", error) { Result = RedisCallResult.Unreachable },
        _ => null,
    };

    /// <summary>What begins so is wrong with one command or key; any other error says that the server cannot serve (LOADING, OOM, READONLY, CLUSTERDOWN, NOAUTH, BUSY, ...).</summary>
    private static RedisCallResult ResultOf(string message) =>
        FirstWord(message) is "ERR" or "WRONGTYPE" or "CROSSSLOT" or "NOSCRIPT" ? RedisCallResult.Refused : RedisCallResult.Unable;

    /// <summary>The rest of an error may hold keys and values.</summary>
    private static string FirstWord(string message) => message.Split(' ', 2)[0];

    /// <summary>What nobody waits for any more may still fail.</summary>
    private static void Forget(Task? command) =>
        command?.ContinueWith(static late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
