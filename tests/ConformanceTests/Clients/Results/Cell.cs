namespace S3Proxy.ConformanceTests.Clients.Results;

/// <summary>What one client made of one operation.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Note">Why not, or what was left out; null when there is nothing to say.</param>
internal sealed record Cell(CellOutcome Outcome, string? Note)
{
    /// <summary>How long it took. For people; cells that differ in nothing else are equal.</summary>
    public TimeSpan Elapsed { get; init; }

    public bool Equals(Cell? other) => other is not null && Outcome == other.Outcome && Note == other.Note;

    public override int GetHashCode() => HashCode.Combine(Outcome, Note);

    public override string ToString() => Note is null ? $"{Outcome}" : $"{Outcome} ({Note})";
}
