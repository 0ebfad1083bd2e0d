using S3Proxy.Reporting;

namespace S3Proxy.Micro.Coordination.Counting;

/// <summary>Lets threads count with one strategy for a while, measures, and checks what came out.</summary>
internal sealed class CountingRound(Workload work, int threads, TimeSpan duration)
{
    /// <summary>Every so many steps one is timed; a prime, so that it does not keep step with batches.</summary>
    private const int StepsPerTiming = 61;

    private const int MaxTimings = 1 << 16;
    private static readonly TimeSpan ProbePause = TimeSpan.FromMilliseconds(2);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly long[] _done = new long[(threads + 1) * Padding.Longs];
    private readonly List<double>[] _timings = [.. Enumerable.Range(0, threads).Select(_ => new List<double>(MaxTimings))];
    private volatile bool _stopped;

    /// <summary>Runs once; a round cannot be used again.</summary>
    public CountingSample Run(string name, Func<Workload, ICountingStrategy> make, int round)
    {
        using ICountingStrategy strategy = make(work);
        using Barrier start = new(threads + 1);
        using ManualResetEventSlim pause = new();
        Thread[] writers = [.. Enumerable.Range(0, threads).Select(thread => new Thread(() => Write(strategy, thread, start)))];
        Array.ForEach(writers, writer => writer.Start());
        StalenessProbe probe = new(_time);
        GC.Collect();
        long allocatedBefore = GC.GetTotalAllocatedBytes(precise: true);
        long startedAt = _time.GetTimestamp();
        start.SignalAndWait();
        while (_time.GetElapsedTime(startedAt) < duration)
        {
            pause.Wait(ProbePause);
            probe.Add(Done().Sum(), strategy.ReadRequests());
        }

        _stopped = true;
        Array.ForEach(writers, writer => writer.Join());
        Tally counted = strategy.ReadAll();
        TimeSpan elapsed = _time.GetElapsedTime(startedAt);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - allocatedBefore;
        long[] done = Done();
        return new CountingSample
        {
            Strategy = name,
            Workload = work.Name,
            Keys = work.Keys.Length,
            Threads = threads,
            Round = round,
            StepsPerSecond = done.Sum() / elapsed.TotalSeconds,
            P99Microseconds = Quantiles.Of(_timings.SelectMany(timing => timing), 0.99),
            P999Microseconds = Quantiles.Of(_timings.SelectMany(timing => timing), 0.999),
            AllocatedBytesPerStep = allocated / (double)Math.Max(1, done.Sum()),
            MedianStalenessMilliseconds = probe.MedianMilliseconds,
            MaxStalenessMilliseconds = probe.MaxMilliseconds,
            MedianStalenessSteps = probe.MedianSteps,
            MaxStalenessSteps = probe.MaxSteps,
            Difference = counted.DifferenceTo(work.Expect(done)),
        };
    }

    private void Write(ICountingStrategy strategy, int thread, Barrier start)
    {
        Step[] steps = work.StepsOf(thread);
        List<double> timings = _timings[thread];
        ref long done = ref _done[(thread + 1) * Padding.Longs];
        long step = 0;
        start.SignalAndWait();
        while (!_stopped)
        {
            ref readonly Step next = ref steps[step & (Workload.Period - 1)];
            if (step % StepsPerTiming == 0 && timings.Count < MaxTimings)
            {
                long before = _time.GetTimestamp();
                strategy.Record(thread, next);
                timings.Add(Ticks.ToMicroseconds(_time, _time.GetTimestamp() - before));
            }
            else
            {
                strategy.Record(thread, next);
            }

            Volatile.Write(ref done, ++step);
        }

        strategy.Finish(thread);
    }

    private long[] Done() => [.. Enumerable.Range(1, threads).Select(thread => Volatile.Read(ref _done[thread * Padding.Longs]))];
}
