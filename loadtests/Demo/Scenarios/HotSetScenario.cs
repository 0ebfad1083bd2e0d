using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Scenarios;

/// <summary>A set of objects of which few are read often (Zipf): after each object's first read it is a hit.</summary>
internal sealed class HotSetScenario : IScenario
{
    private const int SmallestBytes = 1 << 10;
    private const int LargestBytes = 1 << 20;
    private readonly int _clients;
    private readonly int[] _sizes;
    private readonly int[] _picks;
    private SyntheticContent[] _contents = [];

    /// <param name="clients">Reads under way at a time.</param>
    /// <param name="objects">Objects in the set.</param>
    /// <param name="reads">Reads in all.</param>
    public HotSetScenario(int clients, int objects, int reads)
    {
        _clients = clients;
        Random random = new(33);
        ZipfDistribution popularity = new(objects, exponent: 1.0);
        _sizes = [.. Enumerable.Range(0, objects).Select(_ => LogUniform.Next(random, SmallestBytes, LargestBytes))];
        _picks = [.. Enumerable.Range(0, reads).Select(_ => popularity.Next(random))];
    }

    public string Title => string.Create(CultureInfo.InvariantCulture, $"Hot set: {_picks.Length} reads of {_sizes.Length} objects of 1 KiB to 1 MiB");

    public string Description => string.Create(CultureInfo.InvariantCulture, $"{_clients} clients, Zipf popularity. Each object is fetched once; the rest are hits.");

    public long TotalBytes => _picks.Sum(pick => (long)_sizes[pick]);

    public long? MaxOriginGets => _sizes.Length;

    public void Prepare(Stage stage) =>
        _contents = [.. _sizes.Select((size, index) => stage.Put(KeyOf(index), size, seed: 1000 + (ulong)index))];

    public Task RunAsync(Stage stage, Action<ReadOutcome> onRead, CancellationToken cancellationToken)
    {
        Uri[] uris = [.. Enumerable.Range(0, _sizes.Length).Select(index => stage.UriOf(KeyOf(index)))];
        ParallelOptions options = new() { MaxDegreeOfParallelism = _clients, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(_picks, options, async (pick, token) =>
            onRead(await stage.Client.ReadAsync(uris[pick], _contents[pick], token)));
    }

    private static string KeyOf(int index) => string.Create(CultureInfo.InvariantCulture, $"hot/{index:000}.bin");
}
