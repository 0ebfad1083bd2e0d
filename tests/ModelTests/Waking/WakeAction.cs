namespace S3Proxy.ModelTests.Waking;

/// <summary>One thing that happens.</summary>
/// <param name="Steps">Tasks to run before it.</param>
/// <param name="Move">What.</param>
/// <param name="Number">To whom; any number means someone.</param>
/// <param name="Choice">How; any number means something.</param>
internal readonly record struct WakeAction(int Steps, WakeMove Move, int Number, int Choice)
{
    public override string ToString() => $"after {Steps}: {Move} {Number} {Choice}";
}
