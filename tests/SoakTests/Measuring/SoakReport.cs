using System.Globalization;
using System.Text;
using S3Proxy.SoakTests.Checking;

namespace S3Proxy.SoakTests.Measuring;

/// <summary>The summary of a run, for people.</summary>
internal sealed record SoakReport
{
    public required SoakSettings Settings { get; init; }

    public required SoakTally Tally { get; init; }

    public required ResourceSampler Resources { get; init; }

    public required IReadOnlyList<(string Name, int Count)> Faults { get; init; }

    /// <summary>Requests that reached the origin.</summary>
    public required long OriginRequests { get; init; }

    /// <summary>Entries that left the cache for want of room.</summary>
    public required long Evictions { get; init; }

    /// <summary>Two columns of plain text.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        void Line(string name, object value) => text.Append(CultureInfo.InvariantCulture, $"{name,-34} {value,16:N0}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"soak: seed {Settings.Seed}, {Settings.Duration.TotalSeconds:0} s (S3PROXY_SOAK_SEED={Settings.Seed} replays the plan)");
        Line("reads", Tally.Outcomes.Values.Sum());
        foreach (ReadOutcome outcome in Enum.GetValues<ReadOutcome>())
        {
            Line($"  {outcome}", Tally.Outcomes.GetValueOrDefault(outcome));
        }

        foreach ((string cache, long count) in Tally.ByCache.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Line($"  x-cache {(cache.Length == 0 ? "absent" : cache)}", count);
        }

        Line("wrong", Tally.Wrong);
        Line("writes acknowledged", Tally.AcknowledgedWrites);
        Line("writes failed", Tally.FailedWrites);
        Line("uploads broken off", Tally.TornUploads);
        Line("body bytes checked", Tally.BodyBytes);
        Line("origin requests", OriginRequests);
        Line("evictions", Evictions);
        Line("faults", Faults.Sum(fault => fault.Count));
        foreach ((string name, int count) in Faults)
        {
            Line($"  {name}", count);
        }

        Line("resident bytes, 2nd third", Resources.MedianOfThird(1, sample => sample.ResidentBytes));
        Line("resident bytes, last third", Resources.MedianOfThird(2, sample => sample.ResidentBytes));
        Line("open handles, 2nd third", Resources.MedianOfThird(1, sample => sample.OpenHandles));
        Line("open handles, last third", Resources.MedianOfThird(2, sample => sample.OpenHandles));
        return text.ToString();
    }
}
