using S3Proxy.ModelTests.Checking;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>Makes a failing schedule short: takes actions away, and steps before them, as long as the same invariant still breaks.</summary>
internal static class ScheduleShrinker
{
    /// <param name="failing">Breaks <paramref name="invariant"/>.</param>
    /// <param name="invariant">What has to break again.</param>
    /// <param name="run">Runs a schedule.</param>
    /// <param name="maxAttempts">Bound on the runs.</param>
    public static Schedule Shrink(Schedule failing, Invariant invariant, Func<Schedule, ScheduleResult> run, int maxAttempts = 400)
    {
        Schedule best = failing;
        int attempts = 0;
        bool shorter = true;
        while (shorter && attempts < maxAttempts)
        {
            shorter = false;
            foreach (Schedule candidate in Candidates(best))
            {
                if (attempts++ >= maxAttempts)
                {
                    break;
                }

                if (run(candidate).Violation?.Invariant == invariant)
                {
                    best = candidate;
                    shorter = true;
                    break;
                }
            }
        }

        return best;
    }

    /// <summary>Halves first, then single actions, then fewer steps.</summary>
    private static IEnumerable<Schedule> Candidates(Schedule schedule)
    {
        int count = schedule.Actions.Count;
        for (int size = Math.Max(1, count / 2); ; size /= 2)
        {
            for (int start = 0; start + size <= count; start += size)
            {
                yield return schedule with { Actions = [.. schedule.Actions.Take(start), .. schedule.Actions.Skip(start + size)] };
            }

            if (size == 1)
            {
                break;
            }
        }

        for (int index = 0; index < count; index++)
        {
            ModelAction action = schedule.Actions[index];
            if (action.Steps > 0)
            {
                yield return schedule with { Actions = [.. schedule.Actions.Take(index), action with { Steps = 0 }, .. schedule.Actions.Skip(index + 1)] };
                if (action.Steps > 1)
                {
                    yield return schedule with { Actions = [.. schedule.Actions.Take(index), action with { Steps = action.Steps / 2 }, .. schedule.Actions.Skip(index + 1)] };
                }
            }
        }
    }
}
