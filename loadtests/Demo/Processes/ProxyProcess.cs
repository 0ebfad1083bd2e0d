using System.Diagnostics;
using System.Text.RegularExpressions;

namespace S3Proxy.Demo.Processes;

/// <summary>The proxy as a process of its own, as users run it. Ended by its process id when disposed.</summary>
internal sealed partial class ProxyProcess : IAsyncDisposable
{
    private const int LastLinesKept = 20;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly TaskCompletionSource<(Uri Data, Uri Admin)> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly Queue<string> _lastLines = new();

    private ProxyProcess(Process process)
    {
        _process = process;
        Endpoint = new Uri("http://127.0.0.1/");
        Admin = Endpoint;
    }

    /// <summary>Data address.</summary>
    public Uri Endpoint { get; private set; }

    /// <summary>Admin address, where the dashboard is.</summary>
    public Uri Admin { get; private set; }

    /// <summary>Resident memory, in bytes; null when the process has ended.</summary>
    public long? ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.HasExited ? null : _process.WorkingSet64;
        }
    }

    /// <summary>Processor time used since the start.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the proxy and waits until it says that it listens.</summary>
    /// <exception cref="ProxyStartException">It ended, or said nothing in time; the message has what it wrote.</exception>
    public static async Task<ProxyProcess> StartAsync(string configPath, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(DotnetHost.Path)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "S3Proxy.dll"));
        start.ArgumentList.Add("--config");
        start.ArgumentList.Add(configPath);
        ProxyProcess proxy = new(new Process { StartInfo = start, EnableRaisingEvents = true });
        try
        {
            await proxy.BeginAsync(timeProvider, cancellationToken);
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                await _process.WaitForExitAsync();
            }
        }
        catch (InvalidOperationException)
        {
            // It was never started.
        }

        _process.Dispose();
    }

    private async Task BeginAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        _process.Exited += (_, _) => _listening.TrySetException(new ProxyStartException("The proxy ended before it listened."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            (Endpoint, Admin) = await _listening.Task.WaitAsync(StartLimit, timeProvider, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or ProxyStartException)
        {
            throw new ProxyStartException($"{failure.Message} It wrote:{Environment.NewLine}{LastLines()}", failure);
        }
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        Match listening = ListeningLine().Match(line);
        if (listening.Success)
        {
            _listening.TrySetResult((new Uri(listening.Groups["data"].Value), new Uri(listening.Groups["admin"].Value)));
        }

        lock (_lock)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > LastLinesKept)
            {
                _lastLines.Dequeue();
            }
        }
    }

    private string LastLines()
    {
        lock (_lock)
        {
            return string.Join(Environment.NewLine, _lastLines);
        }
    }

    [GeneratedRegex(@"s3proxy listening: data (?<data>http://\S+) admin (?<admin>http://\S+)")]
    private static partial Regex ListeningLine();
}
