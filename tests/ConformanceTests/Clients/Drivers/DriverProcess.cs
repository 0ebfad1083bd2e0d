using System.Diagnostics;
using System.Text.Json;
using S3Proxy.Testing.Programs;

namespace S3Proxy.ConformanceTests.Clients.Drivers;

/// <summary>A running driver script: a request in JSON a line, an answer in JSON a line. Not thread-safe.</summary>
internal sealed class DriverProcess : IAsyncDisposable
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);
    private readonly Process _process;
    private readonly Task<string> _error;

    public DriverProcess(InstalledProgram interpreter, string script)
    {
        _process = interpreter.Start(script);
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Sends a line that has no answer.</summary>
    public async Task TellAsync(object line)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(line));
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Sends a request and waits for its answer's value.</summary>
    /// <exception cref="ClientRefusedException">The client failed; the message is its own.</exception>
    /// <exception cref="TimeoutException">No answer in time; the process was killed.</exception>
    public async Task<JsonElement> AskAsync(string operation, object arguments)
    {
        await TellAsync(new { operation, arguments });
        using CancellationTokenSource limit = new(AnswerLimit);
        try
        {
            string? line = await _process.StandardOutput.ReadLineAsync(limit.Token);
            using JsonDocument answer = JsonDocument.Parse(line ?? throw new ClientRefusedException($"The driver ended: {await _error}"));
            return answer.RootElement.GetProperty("ok").GetBoolean()
                ? answer.RootElement.GetProperty("value").Clone()
                : throw new ClientRefusedException(answer.RootElement.GetProperty("error").GetString()!);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            throw new TimeoutException($"No answer to {operation} within {AnswerLimit}; the driver was killed.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource limit = new(EndLimit);
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _error;
        _process.Dispose();
    }
}
