using System.Globalization;
using S3Proxy.ModelTests.Schedules;
using S3Proxy.ModelTests.Scheduling;
using Xunit.Abstractions;

namespace S3Proxy.ModelTests;

/// <summary>The same worlds on the real thread pool, several at a time: the races that a scheduler of one thread cannot have.</summary>
public sealed class ThreadPoolModelTests(ITestOutputHelper output)
{
    private const int SchedulesPerWorld = 1_000;
    private const int Worlds = 6;

    [Fact]
    public async Task No_invariant_breaks_among_real_threads()
    {
        ulong baseSeed = ModelSettings.FromEnvironment().BaseSeed;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"S3PROXY_MODEL_SEED={baseSeed:x16}"));
        using ModelMeters meters = new();

        string?[] failures = await Task.WhenAll(Enumerable.Range(0, Worlds).Select(world => Task.Run(() => RunAsync(baseSeed, world, meters))));

        string? first = Array.Find(failures, failure => failure is not null);
        Assert.True(first is null, first);
    }

    private static async Task<string?> RunAsync(ulong baseSeed, int world, ModelMeters meters)
    {
        StressRunner runner = new(meters);
        for (int index = 0; index < SchedulesPerWorld; index++)
        {
            Schedule schedule = Schedule.From(ModelRandom.SeedOf(baseSeed, ((long)world * SchedulesPerWorld) + index));
            if (await runner.RunAsync(schedule) is { } violation)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{violation}\n{schedule}");
            }
        }

        return null;
    }
}
