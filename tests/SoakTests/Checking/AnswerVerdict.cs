namespace S3Proxy.SoakTests.Checking;

/// <summary>What the checker thinks of one answer.</summary>
/// <param name="Outcome">How the read ended.</param>
/// <param name="BodyBytes">Body bytes that came.</param>
/// <param name="Violation">What must not have happened, for people; null when all is well.</param>
internal sealed record AnswerVerdict(ReadOutcome Outcome, long BodyBytes, string? Violation = null);
