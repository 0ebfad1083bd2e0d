using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Scenarios;

/// <summary>Random ranges of one large object: each costs the slices it touches, never the object.</summary>
internal sealed class RangeScenario : IScenario
{
    private const string Key = "ranges.bin";
    private const int SmallestBytes = 100;
    private const int LargestBytes = 1 << 20;
    private readonly int _clients;
    private readonly long _sizeBytes;
    private readonly (long Offset, int Length)[] _ranges;
    private SyntheticContent? _content;

    /// <param name="clients">Reads under way at a time.</param>
    /// <param name="reads">Reads in all.</param>
    /// <param name="sizeBytes">Bytes of the object, at least 1 MiB.</param>
    public RangeScenario(int clients, int reads, long sizeBytes)
    {
        _clients = clients;
        _sizeBytes = sizeBytes;
        Random random = new(22);
        _ranges = new (long, int)[reads];
        for (int i = 0; i < reads; i++)
        {
            int length = LogUniform.Next(random, SmallestBytes, LargestBytes);
            _ranges[i] = (random.NextInt64(sizeBytes - length + 1), length);
        }
    }

    public string Title => string.Create(CultureInfo.InvariantCulture, $"Ranges: {_ranges.Length} reads of 100 B to 1 MiB from an object of {ByteSize.Format(_sizeBytes)}");

    public string Description => string.Create(CultureInfo.InvariantCulture, $"{_clients} clients at random places. A read fetches the slices of 1 MiB that it touches and are not there yet.");

    public long TotalBytes => _ranges.Sum(range => (long)range.Length);

    public long? MaxOriginGets => null;

    public void Prepare(Stage stage) => _content = stage.Put(Key, _sizeBytes, seed: 22);

    public Task RunAsync(Stage stage, Action<ReadOutcome> onRead, CancellationToken cancellationToken)
    {
        Uri uri = stage.UriOf(Key);
        ParallelOptions options = new() { MaxDegreeOfParallelism = _clients, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(_ranges, options, async (range, token) =>
            onRead(await stage.Client.ReadRangeAsync(uri, _content!, range.Offset, range.Length, token)));
    }
}
