using S3Proxy.Fetching;

namespace S3Proxy.Origin;

/// <summary>Takes the first good one of two answers to the same read. Never mixes them: the other one is cancelled, and disposed of unread.</summary>
internal static class HedgeRace
{
    /// <summary>
    /// The first answer that is no failure of the moment (5xx, 429) or, when neither is, whatever the first request came to. The second's slot goes back with its answer.
    /// </summary>
    /// <param name="first">The request whose slot the caller holds.</param>
    /// <param name="second">The extra request.</param>
    /// <param name="secondLease">The slot of the extra request.</param>
    /// <param name="race">Cancels whichever is left. Not cancelled while the winner is still being read: only the wait for headers watches it.</param>
    public static async Task<OriginAnswer> FirstGoodAsync(Task<OriginAnswer> first, Task<OriginAnswer> second, IDisposable secondLease, CancellationTokenSource race)
    {
        Task<OriginAnswer> ahead = await Task.WhenAny(first, second);
        Task<OriginAnswer> behind = ahead == first ? second : first;
        if (!IsGood(ahead))
        {
            // The one that is left may still do better; when it does not, the first one's outcome is the truth.
            await Task.WhenAny(behind);
            (ahead, behind) = IsGood(behind) || ahead == second ? (behind, ahead) : (ahead, behind);
        }

        await race.CancelAsync();
        _ = DropAsync(behind, behind == second ? secondLease : null);
        if (ahead == first)
        {
            return await first;
        }

        try
        {
            OriginAnswer answer = await second;
            answer.OnDispose(secondLease);
            return answer;
        }
        catch
        {
            secondLease.Dispose();
            throw;
        }
    }

    private static bool IsGood(Task<OriginAnswer> request) => request.IsCompletedSuccessfully && request.Result.Status is < 500 and not 429;

    private static async Task DropAsync(Task<OriginAnswer> request, IDisposable? lease)
    {
        try
        {
            (await request).Dispose();
        }
        catch (Exception error) when (error is FetchException or OperationCanceledException)
        {
            // It lost; nobody is interested in how.
        }
        finally
        {
            lease?.Dispose();
        }
    }
}
