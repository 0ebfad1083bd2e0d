using S3Proxy.Coalescing.Batching;
using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests.Batching;

/// <summary>Options of a batcher and what happens to it, from one seed.</summary>
internal sealed record BatchSchedule(ulong Seed, BatcherOptions Options, int Lanes, IReadOnlyList<BatchAction> Actions)
{
    private static readonly BatchMove[] Often =
    [
        BatchMove.Ask, BatchMove.Ask, BatchMove.Ask, BatchMove.Ask, BatchMove.Ask, BatchMove.Ask, BatchMove.Cancel, BatchMove.Cancel,
        BatchMove.Answer, BatchMove.Answer, BatchMove.AnswerShort, BatchMove.AnswerPartly, BatchMove.Fail, BatchMove.Settle, BatchMove.Advance,
    ];

    public static BatchSchedule From(ulong seed)
    {
        ModelRandom random = new(seed);
        BatcherOptions options = new()
        {
            IsEnabled = random.Chance(90),
            MaxBatchSize = random.Between(1, 4),
            MaxBatchItems = random.Between(2, 24),
            MaxInFlight = random.Chance(60) ? 1 : random.Between(2, 3),
            BatchWindow = TimeSpan.FromMilliseconds(random.Pick<int>([0, 1, 5])),
        };
        List<BatchAction> actions = [];
        int count = random.Between(4, 40);
        for (int i = 0; i < count; i++)
        {
            BatchMove move = random.Chance(2) ? random.Pick<BatchMove>([BatchMove.Stop, BatchMove.Abort]) : random.Pick<BatchMove>(Often);
            actions.Add(new BatchAction(random.Chance(60) ? random.Below(3) : random.Below(12), move, random.Below(1000)));
        }

        return new BatchSchedule(seed, options, random.Between(1, 3), actions);
    }

    public override string ToString() => $"{Lanes} lanes, {Options}{Environment.NewLine}  {string.Join(Environment.NewLine + "  ", Actions)}";
}
