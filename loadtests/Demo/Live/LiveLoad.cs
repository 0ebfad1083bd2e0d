using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Demo.Scenarios;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Live;

/// <summary>
/// Load of several kinds at once, for as long as somebody looks: readers of a hot set, one reader of ranges, and every few seconds a herd on a new object. Slow enough to leave a laptop
/// free for other work. Every byte is compared.
/// </summary>
internal sealed class LiveLoad(Stage stage, TimeProvider timeProvider)
{
    private const int HotObjects = 200;
    private const int HotReaders = 4;
    private const int SmallestHotBytes = 1 << 10;
    private const int LargestHotBytes = 1 << 20;
    private const string RangesKey = "ranges.bin";
    private const long RangesBytes = 256 * ByteSize.MiB;
    private const int LargestRangeBytes = 1 << 18;
    private const int HerdClients = 20;
    private const long HerdBytes = 16 * ByteSize.MiB;
    private static readonly TimeSpan HotPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RangePause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan HerdPause = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan FailurePause = TimeSpan.FromMilliseconds(300);
    private readonly SyntheticContent[] _hot = new SyntheticContent[HotObjects];
    private SyntheticContent? _ranges;

    public LiveTally Tally { get; } = new();

    /// <summary>Key of the object that is read most.</summary>
    public static string HottestKey => HotKey(0);

    /// <summary>Reads until it is cancelled, which is its only way to end; the task then ends well.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Prepare();
        try
        {
            await Task.WhenAll([.. Enumerable.Range(0, HotReaders).Select(seed => ReadHotAsync(seed, cancellationToken)), ReadRangesAsync(cancellationToken), HerdAsync(cancellationToken)]);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // As it is meant.
        }
    }

    private static string HotKey(int index) => string.Create(CultureInfo.InvariantCulture, $"hot/{index:000}.bin");

    private void Prepare()
    {
        Random sizes = new(33);
        for (int index = 0; index < HotObjects; index++)
        {
            _hot[index] = stage.Put(HotKey(index), LogUniform.Next(sizes, SmallestHotBytes, LargestHotBytes), seed: 1000 + (ulong)index);
        }

        _ranges = stage.Put(RangesKey, RangesBytes, seed: 22);
    }

    private async Task ReadHotAsync(int seed, CancellationToken cancellationToken)
    {
        Random random = new(seed);
        ZipfDistribution popularity = new(HotObjects, exponent: 1.0);
        while (true)
        {
            int index = popularity.Next(random);
            await AddAsync(await stage.Client.ReadAsync(stage.UriOf(HotKey(index)), _hot[index], cancellationToken), cancellationToken);
            await Task.Delay(HotPause, timeProvider, cancellationToken);
        }
    }

    private async Task ReadRangesAsync(CancellationToken cancellationToken)
    {
        Random random = new(22);
        while (true)
        {
            int length = LogUniform.Next(random, smallest: 100, LargestRangeBytes);
            long offset = random.NextInt64(RangesBytes - length + 1);
            await AddAsync(await stage.Client.ReadRangeAsync(stage.UriOf(RangesKey), _ranges!, offset, length, cancellationToken), cancellationToken);
            await Task.Delay(RangePause, timeProvider, cancellationToken);
        }
    }

    private async Task HerdAsync(CancellationToken cancellationToken)
    {
        for (ulong round = 0; true; round++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"new/{round:00000}.bin");
            SyntheticContent content = stage.Put(key, HerdBytes, seed: 100_000 + round);
            await Task.WhenAll(Enumerable.Range(0, HerdClients).Select(_ => ReadAsync(key, content)));
            await Task.Delay(HerdPause, timeProvider, cancellationToken);
        }

        async Task ReadAsync(string key, SyntheticContent content) =>
            await AddAsync(await stage.Client.ReadAsync(stage.UriOf(key), content, cancellationToken), cancellationToken);
    }

    /// <summary>A failure counts after a pause only: an interrupt of the terminal reaches the proxy as well, and what it breaks off then is no fault.</summary>
    private async Task AddAsync(ReadOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome.Failure is not null && !outcome.IsWrong)
        {
            await Task.Delay(FailurePause, timeProvider, cancellationToken);
        }

        Tally.Add(outcome);
    }
}
