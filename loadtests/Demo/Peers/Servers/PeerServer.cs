using S3Proxy.Testing.Programs;

namespace S3Proxy.Demo.Peers.Servers;

/// <summary>A server that runs. Ends with this object, and with this process. Thread-safe, but for disposing.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private readonly SupervisedProcess _process;
    private readonly string? _cacheDirectory;
    private readonly string? _stateDirectory;
    private readonly Func<CancellationToken, Task<long>> _countBodiesAsync;

    /// <param name="name">As <see cref="IServerKind.Name"/>.</param>
    /// <param name="process">Its main process.</param>
    /// <param name="countBodiesAsync">Counts the bodies in its cache.</param>
    /// <param name="endpoint">Data address.</param>
    /// <param name="rangeEndpoint">Data address for ranges of large objects, where that is another one.</param>
    /// <param name="cacheDirectory">Where it keeps cached bytes outside its processes; deleted at the end. Null when nowhere.</param>
    /// <param name="stateDirectory">What else it has there that is to be deleted at the end.</param>
    public PeerServer(
        string name,
        SupervisedProcess process,
        Func<CancellationToken, Task<long>> countBodiesAsync,
        Uri endpoint,
        Uri? rangeEndpoint = null,
        string? cacheDirectory = null,
        string? stateDirectory = null)
    {
        Name = name;
        _process = process;
        _countBodiesAsync = countBodiesAsync;
        Endpoint = endpoint;
        RangeEndpoint = rangeEndpoint ?? endpoint;
        _cacheDirectory = cacheDirectory;
        _stateDirectory = stateDirectory;
    }

    public string Name { get; }

    /// <summary>Data address.</summary>
    public Uri Endpoint { get; }

    /// <summary>Data address for ranges of large objects.</summary>
    public Uri RangeEndpoint { get; }

    /// <summary>Processor time of all its processes so far.</summary>
    public TimeSpan ProcessorTime => ProcessTree.ProcessorTimeOf(_process.Id);

    /// <summary>Resident memory of all its processes and the files of its cache in memory, in bytes; pages that they share count once, those of libraries in full.</summary>
    public long MemoryBytes => ProcessTree.ResidentBytesOf(_process.Id) + CacheFileBytes();

    /// <summary>How many bodies its cache has.</summary>
    public Task<long> CountBodiesAsync(CancellationToken cancellationToken) => _countBodiesAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        foreach (string directory in ((string?[])[_cacheDirectory, _stateDirectory]).OfType<string>().Where(Directory.Exists))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private long CacheFileBytes()
    {
        if (_cacheDirectory is null)
        {
            return 0;
        }

        long bytes = 0;
        long pageBytes = Environment.SystemPageSize;
        EnumerationOptions everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };
        foreach (FileInfo file in new DirectoryInfo(_cacheDirectory).EnumerateFiles("*", everything))
        {
            try
            {
                bytes += (file.Length + pageBytes - 1) / pageBytes * pageBytes;
            }
            catch (FileNotFoundException)
            {
                // Evicted meanwhile.
            }
        }

        return bytes;
    }
}
