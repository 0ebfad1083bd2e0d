using S3Proxy.FunctionalTests;
using S3Proxy.SoakTests.Checking;
using S3Proxy.SoakTests.Measuring;

namespace S3Proxy.SoakTests.Load;

/// <summary>A client that reads one object after another until the load is over, and has every answer checked.</summary>
internal sealed class ReadingClient(SignedClient client, SoakObjects objects, LoadProgress progress, SoakTally tally, Random random, bool isSlow)
{
    private const int RequestsBetweenPieces = 3;

    private readonly ReadPlanner _planner = new(random, isSlow);
    private readonly SoakBucket[] _buckets = [.. SoakBucket.All];

    public async Task RunAsync()
    {
        while (!progress.IsOver)
        {
            ObjectLedger ledger = objects.Next(_buckets[random.Next(_buckets.Length)], random);
            await ReadAsync(ledger, _planner.Next(ledger));
            if (!isSlow)
            {
                progress.CountOne();
            }
        }
    }

    /// <summary>Sends one read and judges its answer.</summary>
    public async Task ReadAsync(ObjectLedger ledger, SoakRead read)
    {
        AnswerChecker checker = new(ledger, ledger.Floor, read);
        AnswerVerdict verdict;
        string cache = "";
        try
        {
            using HttpResponseMessage response = await client.SendAsync(
                read.HeadersOnly ? HttpMethod.Head : HttpMethod.Get, ledger.Bucket, ledger.Key, headers: HeadersOf(read));
            cache = response.Headers.TryGetValues("x-cache", out IEnumerable<string>? values) ? string.Join(',', values) : "";
            verdict = await checker.CheckAsync(response, read.IsSlow ? progress.PaceOf(RequestsBetweenPieces) : null);
        }
        catch (HttpRequestException)
        {
            verdict = new AnswerVerdict(ReadOutcome.Unanswered, 0);
        }

        tally.Add(verdict, cache, $"{ledger.Bucket}/{ledger.Key} {read} x-cache={cache}");
    }

    private static IEnumerable<KeyValuePair<string, string>> HeadersOf(SoakRead read)
    {
        if (read.Range is { } range)
        {
            yield return new("Range", range.Header);
        }

        if (read.IfNoneMatch is { } ifNoneMatch)
        {
            yield return new("If-None-Match", ifNoneMatch);
        }

        if (read.IfMatch is { } ifMatch)
        {
            yield return new("If-Match", ifMatch);
        }
    }
}
