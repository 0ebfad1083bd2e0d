using System.Globalization;
using System.Text;
using S3Proxy.ModelTests.Scheduling;
using Xunit.Abstractions;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>Runs very many schedules, each from a seed of its own, and reports those that fail.</summary>
/// <param name="run">Runs the schedule of a seed on the calling thread; null, or what went wrong.</param>
/// <param name="output">Where the base seed goes, which replays the whole search.</param>
internal sealed class SeedSearch(Func<ulong, string?> run, ITestOutputHelper output)
{
    private const int MaxReported = 3;

    /// <summary>These schedules are short: a part of those that <see cref="ModelSettings"/> asks for is enough.</summary>
    private const int Share = 5;

    /// <summary>Fails when a schedule does.</summary>
    public void AssertNoneFails()
    {
        ModelSettings settings = ModelSettings.FromEnvironment();
        int schedules = Math.Max(1, settings.Schedules / Share);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"S3PROXY_MODEL_SEED={settings.BaseSeed:x16}, {schedules} schedules."));
        if (settings.Only is { } only)
        {
            string? failure = RunWithoutContext(only);
            Assert.True(failure is null, failure);
            return;
        }

        StringBuilder failures = new();
        int failed = 0;
        Parallel.For(0L, schedules, (index, loop) =>
        {
            ulong seed = ModelRandom.SeedOf(settings.BaseSeed, index);
            if (RunWithoutContext(seed) is { } failure)
            {
                lock (failures)
                {
                    failures.AppendLine(CultureInfo.InvariantCulture, $"Replay with S3PROXY_MODEL_ONLY={seed:x16}. {failure}");
                    if (++failed >= MaxReported)
                    {
                        loop.Stop();
                    }
                }
            }
        });
        Assert.True(failed == 0, failures.ToString());
    }

    /// <summary>Fails when no schedule of the first <paramref name="schedules"/> does, or the first failure is of none of the <paramref name="expected"/> kinds.</summary>
    public void AssertCaught(int schedules, params string[] expected)
    {
        for (int index = 0; index < schedules; index++)
        {
            if (RunWithoutContext(ModelRandom.SeedOf(0x5EED, index)) is { } failure)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Caught in schedule {index + 1}. {failure}"));
                Assert.Contains(expected, kind => failure.StartsWith(kind, StringComparison.Ordinal));
                return;
            }
        }

        Assert.Fail($"Nothing was seen of the planted bug in {schedules} schedules.");
    }

    private string? RunWithoutContext(ulong seed)
    {
        // A test runner's context would take the continuations away from the scheduler.
        SynchronizationContext? callers = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return run(seed);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(callers);
        }
    }
}
