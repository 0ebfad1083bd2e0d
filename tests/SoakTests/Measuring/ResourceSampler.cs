using S3Proxy.Caching.Memory;

namespace S3Proxy.SoakTests.Measuring;

/// <summary>Samples what the process holds, once a second.</summary>
internal sealed class ResourceSampler(MemoryTier memory, TimeProvider timeProvider)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly List<ResourceSample> _samples = [];

    /// <summary>To be read when <see cref="RunAsync"/> has ended.</summary>
    public IReadOnlyList<ResourceSample> Samples => _samples;

    /// <summary>Samples until <paramref name="end"/> is cancelled.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        using PeriodicTimer timer = new(Interval, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(end))
            {
                _samples.Add(new ResourceSample(Environment.WorkingSet, OpenHandles(), memory.CommittedBytes));
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    /// <summary>The median over one third of the samples.</summary>
    /// <param name="third">0 to 2.</param>
    /// <param name="measure">What of a sample.</param>
    public long MedianOfThird(int third, Func<ResourceSample, long> measure)
    {
        long[] values = [.. _samples.Skip(_samples.Count * third / 3).Take(Math.Max(1, _samples.Count / 3)).Select(measure).Order()];
        return values.Length == 0 ? 0 : values[values.Length / 2];
    }

    private static int OpenHandles() => OperatingSystem.IsLinux() ? Directory.GetFiles("/proc/self/fd").Length : 0;
}
