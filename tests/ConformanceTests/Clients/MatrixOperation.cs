using S3Proxy.ConformanceTests.Clients.Results;

namespace S3Proxy.ConformanceTests.Clients;

/// <summary>One row of the matrix.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="RunAsync">Has the client do it and judges what came of it; throws when it is wrong. The result is what was left out, or null.</param>
internal sealed record MatrixOperation(string Name, Func<MatrixBench, Task<string?>> RunAsync)
{
    /// <summary>An operation of which a client can do all or nothing.</summary>
    public static MatrixOperation Whole(string name, Func<MatrixBench, Task> runAsync) => new(name, async bench =>
    {
        await runAsync(bench);
        return null;
    });

    /// <summary>An operation of several cases of which a client may offer some; all that it offers must do.</summary>
    public static MatrixOperation OfCases<T>(string name, IReadOnlyList<T> cases, Func<MatrixBench, T, Task> runAsync) => new(name, async bench =>
    {
        List<string> reasons = [];
        foreach (T item in cases)
        {
            try
            {
                await runAsync(bench, item);
            }
            catch (NotOfferedException exception)
            {
                reasons.Add(exception.Message);
            }
        }

        string? leftOut = reasons.Count == 0 ? null : string.Join("; ", reasons.Distinct());
        return reasons.Count == cases.Count ? throw new NotOfferedException(leftOut!) : leftOut;
    });

    /// <summary>Runs it and tells what to write into its cell.</summary>
    public async Task<Cell> JudgeAsync(MatrixBench bench)
    {
        long begun = TimeProvider.System.GetTimestamp();
        Cell cell = await JudgeOutcomeAsync(bench);
        return cell with { Elapsed = TimeProvider.System.GetElapsedTime(begun) };
    }

    private async Task<Cell> JudgeOutcomeAsync(MatrixBench bench)
    {
        try
        {
            return new Cell(CellOutcome.Ok, await RunAsync(bench));
        }
        catch (NotOfferedException exception)
        {
            return new Cell(CellOutcome.NotOffered, exception.Message);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever a client comes up with is a failure of this cell, and the others are worth knowing too.
            return new Cell(CellOutcome.Failed, $"{exception.GetType().Name}: {exception.Message}");
        }
    }
}
