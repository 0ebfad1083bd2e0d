using S3Proxy.Demo.Peers;
using S3Proxy.Demo.Peers.Results;
using S3Proxy.Demo.Peers.Scenarios;

namespace S3Proxy.PeersTests.Peers;

/// <summary>A comparison takes long; what it has measured is not lost when it is interrupted.</summary>
public sealed class PeersComparisonTests
{
    [Fact]
    public async Task An_interrupted_comparison_tells_what_it_has_and_plays_no_more()
    {
        using CancellationTokenSource interrupt = new();
        ScriptedScenario first = new("first", _ => Task.CompletedTask);
        ScriptedScenario second = new("second", async cancellationToken =>
        {
            await interrupt.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        });
        ScriptedScenario third = new("third", _ => Task.CompletedTask);
        List<int> kept = [];

        PeersResult result = await new PeersComparison(Options, [first, second, third]).RunAsync(
            soFar =>
            {
                kept.Add(soFar.Broken.Count);
                return Task.CompletedTask;
            },
            interrupt.Token);

        Assert.Equal([0, 1, 2], kept);
        Assert.Equal((1, 1, 0), (first.Played, second.Played, third.Played));
        Assert.Equal(["second", "third"], result.Broken.Keys.Order());
        Assert.Equal(2, result.Faults.Count);
    }

    private static PeersOptions Options => new() { Servers = [], Missing = [], Rounds = 1, Duration = TimeSpan.FromSeconds(1), Scale = PeersScale.Short };

    private sealed class ScriptedScenario(string name, Func<CancellationToken, Task> play) : IPeerScenario
    {
        public int Played { get; private set; }

        public string Name => name;

        public string Description => name;

        public ComparedBy ComparedBy => ComparedBy.RequestsPerSecond;

        public IReadOnlyList<string> Cells => [];

        public string? SkipReason => null;

        public Task RunAsync(Room room, CancellationToken cancellationToken)
        {
            Played++;
            return play(cancellationToken);
        }
    }
}
