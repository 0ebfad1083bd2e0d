using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests.Bugs;

/// <summary>A leader that leaves takes the fetch along and tells nobody, so that whoever waits waits for ever (Syntra, groupcache).</summary>
internal sealed class LeaderStrandsWaiters : LeaderBoundFetch
{
    protected override Task OnLeaderLeftAsync(CancellationToken deserted) => new ModelGate().PassAsync(deserted);
}
