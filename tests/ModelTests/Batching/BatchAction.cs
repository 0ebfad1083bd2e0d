namespace S3Proxy.ModelTests.Batching;

/// <summary>One thing that happens.</summary>
/// <param name="Steps">Tasks to run before it.</param>
/// <param name="Move">What.</param>
/// <param name="Number">To whom, or how much; any number means something.</param>
internal readonly record struct BatchAction(int Steps, BatchMove Move, int Number)
{
    public override string ToString() => $"after {Steps}: {Move} {Number}";
}
