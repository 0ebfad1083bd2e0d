using S3Proxy.Reporting;

namespace S3Proxy.Micro.Coordination.Claiming;

/// <summary>Lets threads claim keys with one strategy for a while, measures, and checks that each generation had exactly one leader.</summary>
internal sealed class ClaimRound(Workload work, int threads, TimeSpan duration)
{
    private const int ClaimsPerTiming = 61;

    /// <summary>What a leader does before it releases, in turns of a spin: so much that others come meanwhile.</summary>
    private const int LeaderSpins = 4;

    private readonly int _maxClaims = (1 << 20) / threads;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly int[] _leaderOf = new int[work.Keys.Length];
    private long _overlaps;
    private volatile bool _stopped;

    /// <summary>Runs once; a round cannot be used again.</summary>
    public ClaimSample Run(string name, Func<IClaimStrategy> make, int round)
    {
        using IClaimStrategy strategy = make();
        using Barrier start = new(threads + 1);
        using ManualResetEventSlim pause = new();
        ClaimLog[] logs = [.. Enumerable.Range(0, threads).Select(_ => new ClaimLog(_maxClaims))];
        Thread[] claimers = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() => Claim(strategy, thread, start, logs[thread])))];
        Array.ForEach(claimers, claimer => claimer.Start());
        GC.Collect();
        long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        long startedAt = _time.GetTimestamp();
        start.SignalAndWait();
        pause.Wait(duration);
        _stopped = true;
        Array.ForEach(claimers, claimer => claimer.Join());
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        long claims = Math.Max(1, logs.Sum(log => (long)log.Claims.Count));
        TimeSpan elapsed = _time.GetElapsedTime(startedAt, logs.Max(log => log.EndedAt));
        return new ClaimSample
        {
            Strategy = name,
            Workload = work.Name,
            Threads = threads,
            Round = round,
            ClaimsPerSecond = claims / elapsed.TotalSeconds,
            P99Microseconds = Quantiles.Of(logs.SelectMany(log => log.Microseconds), 0.99),
            AllocatedBytesPerClaim = allocated / (double)claims,
            JoinedShare = logs.Sum(log => log.Claims.Count(claim => !claim.IsLeader)) / (double)claims,
            Violations = _overlaps + WronglyLed(logs),
        };
    }

    private void Claim(IClaimStrategy strategy, int thread, Barrier start, ClaimLog log)
    {
        Step[] steps = work.StepsOf(thread);
        start.SignalAndWait();
        for (int step = 0; !_stopped && log.Claims.Count < _maxClaims; step++)
        {
            ref readonly Step next = ref steps[step & (Workload.Period - 1)];
            long before = step % ClaimsPerTiming == 0 ? _time.GetTimestamp() : 0;
            Claim claim = strategy.Acquire(thread, next.Key);
            if (claim.IsLeader)
            {
                Lead(next.KeyIndex, thread);
            }

            strategy.Release(thread, next.Key, claim);
            if (before != 0)
            {
                log.Microseconds.Add(Ticks.ToMicroseconds(_time, _time.GetTimestamp() - before));
            }

            log.Claims.Add((claim.Generation, claim.IsLeader));
        }

        log.EndedAt = _time.GetTimestamp();
    }

    private void Lead(int key, int thread)
    {
        if (Interlocked.CompareExchange(ref _leaderOf[key], thread + 1, 0) != 0)
        {
            Interlocked.Increment(ref _overlaps);
            return;
        }

        Thread.SpinWait(LeaderSpins);
        Volatile.Write(ref _leaderOf[key], 0);
    }

    /// <summary>Generations that anybody took part in and that had not exactly one leader.</summary>
    private static long WronglyLed(ClaimLog[] logs)
    {
        Dictionary<object, int> leaders = new(ReferenceEqualityComparer.Instance);
        foreach ((object generation, bool isLeader) in logs.SelectMany(log => log.Claims))
        {
            leaders[generation] = leaders.GetValueOrDefault(generation) + (isLeader ? 1 : 0);
        }

        return leaders.Values.LongCount(count => count != 1);
    }
}
