using System.Collections.Concurrent;
using S3Proxy.Coalescing.Batching;

namespace S3Proxy.Coalescing.Tests.Batching;

/// <summary>The batcher on real threads, where races are real: what the model test decides by a seed happens here by itself.</summary>
public sealed class BatcherThreadPoolTests
{
    private const int Callers = 16;
    private const int AsksOfEach = 1_000;
    private readonly ConcurrentDictionary<int, int> _sent = new();
    private readonly ConcurrentDictionary<int, int> _orphaned = new();

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(1, false)]
    public async Task Every_caller_hears_once_and_every_result_without_one_is_given_back(int maxInFlight, bool isEnabled)
    {
        Batcher<int, int> batcher = new(
            new BatcherOptions { IsEnabled = isEnabled, MaxInFlight = maxInFlight, MaxBatchSize = 8, MaxBatchItems = Callers * AsksOfEach, BatchWindow = TimeSpan.FromTicks(1) },
            SendAsync,
            request => request % 3,
            (request, _) => _orphaned.AddOrUpdate(request, 1, (_, count) => count + 1),
            TimeProvider.System);
        ConcurrentDictionary<int, bool> answered = new();

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => AskManyAsync(batcher, caller, answered))));
        await batcher.StopAsync(CancellationToken.None);

        Assert.All(_sent, sent => Assert.Equal(1, sent.Value));
        Assert.All(_sent.Keys, request => Assert.Equal(answered.ContainsKey(request) ? 0 : 1, _orphaned.GetValueOrDefault(request)));
        Assert.NotEmpty(answered);
        Assert.Equal(0, batcher.PendingCount);
        Assert.Equal(0, batcher.LaneCount);
        Assert.Equal(0, batcher.RefusedCount);
    }

    private static async Task AskManyAsync(Batcher<int, int> batcher, int caller, ConcurrentDictionary<int, bool> answered)
    {
        Random random = new(caller);
        for (int i = 0; i < AsksOfEach; i++)
        {
            int request = (caller * AsksOfEach) + i;
            using CancellationTokenSource leaves = new();
            Task cancel = random.Next(3) == 0 ? Task.Run(leaves.Cancel) : Task.CompletedTask;
            try
            {
                Assert.Equal(-request, await batcher.AskAsync(request, leaves.Token));
                answered[request] = true;
            }
            catch (OperationCanceledException)
            {
                // Its result, if there is one, is given back.
            }

            await cancel;
        }
    }

    private async Task<IReadOnlyList<BatchResult<int>>> SendAsync(IReadOnlyList<int> requests, CancellationToken cancellationToken)
    {
        foreach (int request in requests)
        {
            _sent.AddOrUpdate(request, 1, (_, count) => count + 1);
        }

        if (requests[0] % 4 != 0)
        {
            await Task.Yield();
        }

        return [.. requests.Select(request => BatchResult.Of(-request))];
    }
}
