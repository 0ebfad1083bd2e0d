namespace S3Proxy.ModelTests.Checking;

/// <summary>The first thing that went wrong in a schedule.</summary>
internal sealed record Violation(Invariant Invariant, string What)
{
    public override string ToString() => $"{Invariant}: {What}";
}
