namespace S3Proxy.Demo.Peers.Scenarios;

/// <summary>Every scenario, in the order in which they are played and told.</summary>
internal static class AllScenarios
{
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(5);

    public static IReadOnlyList<string> Names { get; } = [.. Create(PeersScale.Short).Select(scenario => scenario.Name)];

    public static IReadOnlyList<IPeerScenario> Create(PeersScale scale) =>
    [
        new HotSet(scale),
        new SteadyRate(scale),
        new LargerThanMemory(scale),
        new ColdHerd(scale, TimeSpan.Zero),
        new ColdHerd(scale, Apart),
        new RandomRanges(scale),
        new BesideSlowReaders(scale),
        new MixedLoad(scale),
        new SignedHits(scale),
        new EncryptedHits(scale, isHttp2: false),
        new EncryptedHits(scale, isHttp2: true),
    ];
}
