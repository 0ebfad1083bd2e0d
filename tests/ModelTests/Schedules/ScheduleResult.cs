using S3Proxy.ModelTests.Checking;

namespace S3Proxy.ModelTests.Schedules;

/// <summary>What came of a schedule.</summary>
/// <param name="Violation">The first thing that went wrong, or null.</param>
/// <param name="Trace">Equal for two runs in which the same happened in the same order.</param>
/// <param name="Steps">Steps the scheduler took.</param>
/// <param name="Readers">How the reads ended.</param>
/// <param name="Seen">What happened on the way, for the coverage of many schedules.</param>
internal sealed record ScheduleResult(Violation? Violation, ulong Trace, long Steps, IReadOnlyList<string> Readers, IReadOnlyCollection<string> Seen);
