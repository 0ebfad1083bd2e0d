namespace S3Proxy.ConformanceTests.Differential;

/// <summary>A difference that is meant to be, or that is the server's fault.</summary>
/// <param name="Name">A few words.</param>
/// <param name="Reason">Why it is right all the same.</param>
/// <param name="Groups">The tables in which it must show; one that does not any more is to be taken off the list.</param>
/// <param name="Covers">Which differences it explains.</param>
internal sealed record KnownDifference(string Name, string Reason, IReadOnlyList<string> Groups, Func<Exchange, AnswerDifference, bool> Covers)
{
    /// <summary>The only style it shows in; null for both.</summary>
    public AddressStyle? Style { get; init; }
}
