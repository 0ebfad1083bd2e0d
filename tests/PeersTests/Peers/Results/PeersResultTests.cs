using S3Proxy.Demo.Peers;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Scenarios;
using S3Proxy.Demo.Peers.Servers;

namespace S3Proxy.PeersTests.Peers.Results;

public sealed class PeersResultTests
{
    private const string Cell = "Mixed";
    private static readonly IPeerScenario Mixed = new MixedLoad(PeersScale.Short);
    private static readonly IPeerScenario Herd = new ColdHerd(PeersScale.Short, TimeSpan.Zero);

    [Fact]
    public void A_ratio_is_the_median_of_the_rounds_ratios()
    {
        PeersResult result = ResultOf([
            SampleOf("nginx", round: 1, rate: 100), SampleOf("s3proxy", round: 1, rate: 50),
            SampleOf("s3proxy", round: 2, rate: 200), SampleOf("nginx", round: 2, rate: 100),
            SampleOf("s3proxy", round: 3, rate: 30), SampleOf("nginx", round: 3, rate: 10),
        ]);
        Assert.Equal((2, 0.5, 3), result.Ratio(Mixed, Cell, "s3proxy", "nginx"));
        Assert.Equal(50, result.Median("mixed", Cell, "s3proxy", sample => sample.RequestsPerSecond));
        Assert.Equal(["s3proxy", "nginx"], result.ServersOf("mixed", Cell));
    }

    [Fact]
    public void A_round_with_errors_has_no_ratio()
    {
        PeersResult result = ResultOf([
            SampleOf("nginx", round: 1, rate: 100), SampleOf("s3proxy", round: 1, rate: 50),
            SampleOf("nginx", round: 2, rate: 1) with { Errors = 3 }, SampleOf("s3proxy", round: 2, rate: 50),
        ]);
        Assert.Equal((0.5, 0.5, 0.5), result.Ratio(Mixed, Cell, "s3proxy", "nginx"));
        Assert.Null(ResultOf([SampleOf("s3proxy", round: 1, rate: 50)]).Ratio(Mixed, Cell, "s3proxy", "nginx"));
    }

    [Fact]
    public void A_scenario_says_what_is_compared()
    {
        PeersResult result = ResultOf([
            SampleOf("nginx", round: 1, rate: 100) with { Scenario = "herd", FirstByteP99Milliseconds = 500 },
            SampleOf("s3proxy", round: 1, rate: 50) with { Scenario = "herd", FirstByteP99Milliseconds = 125 },
        ]);
        Assert.Equal((0.25, 0.25, 0.25), result.Ratio(Herd, Cell, "s3proxy", "nginx"));
    }

    [Fact]
    public void Hit_ratios_are_compared_where_they_are_what_a_scenario_is_about()
    {
        PeersResult result = ResultOf([
            SampleOf("nginx", round: 1, rate: 100) with { Scenario = "zipf", HitRatio = 0.5 }, SampleOf("s3proxy", round: 1, rate: 50) with { Scenario = "zipf", HitRatio = 0.75 },
        ]);
        Assert.Equal((1.5, 1.5, 1.5), result.Ratio(new LargerThanMemory(PeersScale.Short), Cell, "s3proxy", "nginx"));
    }

    [Fact]
    public void Wrong_bytes_of_anyone_and_errors_of_ours_are_faults()
    {
        Assert.Empty(ResultOf([SampleOf("nginx", round: 1, rate: 1) with { Errors = 1 }]).Faults);
        Assert.Single(ResultOf([SampleOf("nginx", round: 1, rate: 1) with { Errors = 1, Wrong = 1 }]).Faults);
        Assert.Single(ResultOf([SampleOf("s3proxy", round: 1, rate: 1) with { Errors = 1 }]).Faults);
    }

    [Fact]
    public void A_scenario_that_was_given_up_is_a_fault() =>
        Assert.Equal(["mixed: it broke"], (ResultOf([]) with { Broken = new Dictionary<string, string> { ["mixed"] = "it broke" } }).Faults);

    private static PeersResult ResultOf(PeerSample[] samples) => new(
        new PeersOptions
        {
            Servers = [new S3ProxyKind("s3proxy", typeof(S3ProxyKind).Assembly.Location), new NginxKind(hasSendfile: true)],
            Missing = [],
            Rounds = 3,
            Duration = TimeSpan.FromSeconds(1),
            Scale = PeersScale.Short,
        },
        [Mixed, Herd],
        samples,
        Broken: new Dictionary<string, string>(),
        LoadAtStart: "0");

    private static PeerSample SampleOf(string server, int round, double rate) => new()
    {
        Scenario = "mixed",
        Cell = Cell,
        Server = server,
        Round = round,
        Answers = 1,
        RequestsPerSecond = rate,
        P50Milliseconds = 1,
        P99Milliseconds = 2,
        FirstByteP50Milliseconds = null,
        FirstByteP99Milliseconds = null,
        CpuMicrosecondsPerRequest = 1,
        MemoryBytes = 1,
        Errors = 0,
        Wrong = 0,
        FirstError = null,
        OriginGets = 0,
        OriginBytes = 0,
        HitRatio = null,
        OriginBytesPerSliceByte = null,
    };
}
