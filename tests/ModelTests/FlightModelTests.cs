using System.Globalization;
using System.Text;
using S3Proxy.ModelTests.Schedules;
using S3Proxy.ModelTests.Scheduling;
using Xunit.Abstractions;

namespace S3Proxy.ModelTests;

/// <summary>
/// The invariants of flights, runs and slices (requirements F2 to F11, C4 to C7, I2) over very many random schedules, each decided by one seed.
/// <c>docs/testing.md</c> tells how to replay one.
/// </summary>
public sealed class FlightModelTests(ITestOutputHelper output)
{
    private const int MaxReported = 3;

    [Fact]
    public void No_schedule_breaks_an_invariant()
    {
        ModelSettings settings = ModelSettings.FromEnvironment();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"S3PROXY_MODEL_SEED={settings.BaseSeed:x16} S3PROXY_MODEL_SCHEDULES={settings.Schedules}"));
        List<ulong> failed = settings.Only is { } only ? Fails(only) ? [only] : [] : FindFailing(settings);

        Assert.True(failed.Count == 0, Describe(settings, failed));
    }

    private List<ulong> FindFailing(ModelSettings settings)
    {
        List<ulong> failed = [];
        long steps = 0;
        long started = TimeProvider.System.GetTimestamp();
        Parallel.For(
            0L,
            settings.Schedules,
            static () => new ScheduleRunner(),
            (index, loop, runner) =>
            {
                ulong seed = ModelRandom.SeedOf(settings.BaseSeed, index);
                ScheduleResult result = runner.Run(Schedule.From(seed));
                Interlocked.Add(ref steps, result.Steps);
                if (result.Violation is not null)
                {
                    lock (failed)
                    {
                        failed.Add(seed);
                        if (failed.Count >= MaxReported)
                        {
                            loop.Stop();
                        }
                    }
                }

                return runner;
            },
            static runner => runner.Dispose());
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{settings.Schedules} schedules, {steps} steps in {took.TotalSeconds:f1} s: {settings.Schedules / took.TotalSeconds:f0} schedules a second."));
        return failed;
    }

    private static bool Fails(ulong seed)
    {
        using ScheduleRunner runner = new();
        return runner.Run(Schedule.From(seed)).Violation is not null;
    }

    private static string Describe(ModelSettings settings, List<ulong> failed)
    {
        using ScheduleRunner runner = new();
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"Base seed {settings.BaseSeed:x16}.");
        foreach (ulong seed in failed)
        {
            text.AppendLine(FailureReport.Of(Schedule.From(seed), runner.Run));
        }

        return text.ToString();
    }
}
