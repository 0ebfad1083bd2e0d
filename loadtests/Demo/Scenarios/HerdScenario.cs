using System.Globalization;
using S3Proxy.Demo.Measuring;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.Demo.Scenarios;

/// <summary>Many clients read one object at once that nobody has read before: all must share one origin GET.</summary>
internal sealed class HerdScenario(int clients, long sizeBytes) : IScenario
{
    private const string Key = "herd.bin";
    private SyntheticContent? _content;

    public string Title => string.Create(CultureInfo.InvariantCulture, $"Herd: {clients} clients, one cold object of {ByteSize.Format(sizeBytes)}");

    public string Description => "Everyone asks at once. One request reaches the origin, and all stream its bytes while they arrive.";

    public long TotalBytes => clients * sizeBytes;

    public long? MaxOriginGets => 1;

    public void Prepare(Stage stage) => _content = stage.Put(Key, sizeBytes, seed: 11);

    public Task RunAsync(Stage stage, Action<ReadOutcome> onRead, CancellationToken cancellationToken)
    {
        Uri uri = stage.UriOf(Key);
        return Task.WhenAll(Enumerable.Range(0, clients).Select(_ => ReadAsync()));

        async Task ReadAsync() => onRead(await stage.Client.ReadAsync(uri, _content!, cancellationToken));
    }
}
