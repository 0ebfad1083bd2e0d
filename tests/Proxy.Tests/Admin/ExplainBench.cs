using Microsoft.Extensions.Logging.Abstractions;
using S3Proxy.Admin;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;
using S3Proxy.Reloading;
using S3Proxy.Tests.Configuration;
using S3Proxy.Tests.Fetching;

namespace S3Proxy.Tests.Admin;

/// <summary>The handler of explanations for one replica without Redis, with the fullest configuration of the tests.</summary>
internal static class ExplainBench
{
    private const int SliceBytes = 128 * 1024;

    public static ExplainRequestHandler Handler(MemoryTier memory, FlightTables tables) => new(
        new CurrentSnapshot(Configurations.Valid(Configurations.Full)), new ObjectExplanation(ServicesOf(memory), tables, redis: null, keys: null));

    private static FetchServices ServicesOf(MemoryTier memory) => new()
    {
        Memory = memory,
        Epochs = new ObjectEpochs(memory, TimeProvider.System),
        Origin = new ScriptedOrigin(),
        Geometry = new SliceGeometry(SliceBytes),
        TimeProvider = TimeProvider.System,
        Options = new FetchOptions(),
        Sequences = new SequentialReads(new SliceGeometry(SliceBytes), 0),
        Logger = NullLogger.Instance,
    };
}
