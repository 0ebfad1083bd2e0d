using S3Proxy.Demo.Peers.Client;
using S3Proxy.Demo.Peers.Results;

namespace S3Proxy.PeersTests.Peers.Client;

public sealed class H2LoadTests
{
    [Fact]
    public void Latencies_are_those_of_good_answers_and_others_are_errors()
    {
        Outcome outcome = H2Load.Parse(["1700000000000000\t200\t1000", "1700000000000100\t200\t3000", "1700000000000200\t503\t10"], seconds: 2);
        Assert.Equal((2, 1, 1), (outcome.Answers, outcome.RequestsPerSecond, outcome.Errors));
        Assert.Equal("status 503", outcome.FirstError);
        Assert.InRange(outcome.P50Milliseconds, 1, 3);
    }
}
