using S3Proxy.Coalescing.Waking;

namespace S3Proxy.Coalescing.Tests.Waking;

/// <summary>
/// The hub on real threads, with waits that no clock ends: a wake lost, or one that an heir took along, would leave somebody waiting for ever.
/// </summary>
public sealed class WakeHubThreadPoolTests
{
    private const int Rounds = 300;
    private const int Clients = 12;
    private const int Free = 0;
    private const int Held = 1;
    private const int Done = 2;

    [Fact]
    public async Task Nobody_waits_for_ever_whoever_fails_and_leaves()
    {
        using WakeHub<int> hub = new(new WakeHubOptions(), TimeProvider.System);
        for (int round = 0; round < Rounds; round++)
        {
            Lease lease = new();
            int seed = round * Clients;
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => TakePartAsync(hub, lease, new Random(seed + client)))));

            Assert.Equal(0, hub.WaitingCount);
            Assert.Equal(0, hub.RegisteredCount);
        }

        Assert.True(hub.CountOf(WakeReason.LeaderFailed) > 0);
        Assert.True(hub.CountOf(WakeReason.Completed) > 0);
    }

    private static async Task TakePartAsync(WakeHub<int> hub, Lease lease, Random random)
    {
        using CancellationTokenSource leaves = new();
        Task cancel = random.Next(4) == 0 ? Task.Run(leaves.Cancel) : Task.CompletedTask;

        // Register, then look: the order that loses nothing.
        using WakeToken<int> token = hub.Register(0);
        try
        {
            while (Interlocked.CompareExchange(ref lease.State, Held, Free) is var state && state != Done)
            {
                token.Accept();
                if (state == Free)
                {
                    await LeadAsync(hub, lease, random);
                    break;
                }

                await token.WaitAsync(Timeout.InfiniteTimeSpan, leaves.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Leaves, perhaps with a wake that another needs.
        }

        await cancel;
    }

    private static async Task LeadAsync(WakeHub<int> hub, Lease lease, Random random)
    {
        await Task.Yield();
        bool fails = random.Next(3) != 0;
        Volatile.Write(ref lease.State, fails ? Free : Done);
        hub.Wake(0, fails ? WakeReason.LeaderFailed : WakeReason.Completed);
    }

    private sealed class Lease
    {
        public int State;
    }
}
