using System.Globalization;
using System.Text;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>A failing schedule for people: the invariant, how to replay it, and the shortest form found.</summary>
internal static class FailureReport
{
    public static string Of(Schedule schedule, Func<Schedule, ScheduleResult> run)
    {
        ScheduleResult whole = run(schedule);
        if (whole.Violation is not { } violation)
        {
            return $"Schedule {schedule.Seed:x16} did not fail again.";
        }

        Schedule shrunk = ScheduleShrinker.Shrink(schedule, violation.Invariant, run);
        ScheduleResult result = run(shrunk);
        StringBuilder text = new();
        text.AppendLine(CultureInfo.InvariantCulture, $"{violation}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Replay with S3PROXY_MODEL_ONLY={schedule.Seed:x16}. Shrunk from {schedule.Actions.Count} actions to {shrunk.Actions.Count}:");
        text.Append(shrunk);
        text.AppendLine(CultureInfo.InvariantCulture, $"  breaks {result.Violation}");
        foreach (string reader in result.Readers)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  {reader}");
        }

        return text.ToString();
    }
}
