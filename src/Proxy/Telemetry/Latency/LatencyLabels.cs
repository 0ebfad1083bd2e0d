namespace S3Proxy.Telemetry.Latency;

/// <summary>Labels of a duration: which operation, how it was answered, and where the first byte came from. A closed set.</summary>
/// <param name="Operation">What was asked for.</param>
/// <param name="Outcome">How it was answered.</param>
/// <param name="Source">Where the answer came from.</param>
internal readonly record struct LatencyLabels(OperationGroup Operation, CacheOutcome Outcome, AnswerTier Source)
{
    private static readonly int Outcomes = Enum.GetValues<CacheOutcome>().Length;
    private static readonly int Tiers = Enum.GetValues<AnswerTier>().Length;

    /// <summary>How many combinations there are.</summary>
    public static int Count { get; } = Enum.GetValues<OperationGroup>().Length * Outcomes * Tiers;

    /// <summary>The number of this combination, from 0.</summary>
    public int Index => ((((int)Operation * Outcomes) + (int)Outcome) * Tiers) + (int)Source;

    /// <summary>The combination with a number.</summary>
    public static LatencyLabels At(int index) =>
        new((OperationGroup)(index / Tiers / Outcomes), (CacheOutcome)(index / Tiers % Outcomes), (AnswerTier)(index % Tiers));

    /// <summary>The labels as metrics spell them.</summary>
    public KeyValuePair<string, object?>[] ToTags() =>
        [new("operation", Operation.ToWire()), new("outcome", Outcome.ToWire()), new("tier", Source.ToWire())];
}
