using S3Proxy.Coalescing.Batching;
using S3Proxy.ModelTests.Scheduling;

namespace S3Proxy.ModelTests.Batching;

/// <summary>A batch in flight, held until the schedule says how it ends.</summary>
internal sealed class ModelSend(IReadOnlyList<ModelAsk> asks, bool heedsCancellation)
{
    private readonly ModelGate _gate = new();
    private BatchMove _end = BatchMove.Answer;

    public void End(BatchMove end)
    {
        _end = end;
        _gate.Open();
    }

    public async Task<IReadOnlyList<BatchResult<int>>> HoldAsync(CancellationToken cancellationToken)
    {
        await _gate.PassAsync(heedsCancellation ? cancellationToken : CancellationToken.None);
        return Results(_end);
    }

    /// <summary>Notes with each request what its caller has to hear.</summary>
    public IReadOnlyList<BatchResult<int>> Results(BatchMove end)
    {
        if (end == BatchMove.Fail)
        {
            InvalidDataException failure = new("The batch failed.");
            foreach (ModelAsk ask in asks)
            {
                ask.Failure = failure;
            }

            throw failure;
        }

        List<BatchResult<int>> results = [];
        foreach (ModelAsk ask in end == BatchMove.AnswerShort ? asks.Take(asks.Count / 2) : asks)
        {
            if (end == BatchMove.AnswerPartly && ask.Number % 2 == 0)
            {
                ask.Failure = new InvalidDataException($"Request {ask.Number} failed.");
                results.Add(BatchResult.Failed<int>(ask.Failure));
            }
            else
            {
                ask.HasResult = true;
                results.Add(BatchResult.Of(ResultOf(ask.Number)));
            }
        }

        return results;
    }

    public static int ResultOf(int number) => (number * 31) + 7;
}
