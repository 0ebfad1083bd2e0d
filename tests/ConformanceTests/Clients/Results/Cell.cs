namespace S3Proxy.ConformanceTests.Clients.Results;

/// <summary>What one client made of one operation.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Note">Why not, or what was left out; null when there is nothing to say.</param>
internal sealed record Cell(CellOutcome Outcome, string? Note);
