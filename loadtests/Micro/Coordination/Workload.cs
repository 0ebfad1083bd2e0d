namespace S3Proxy.Micro.Coordination;

/// <summary>
/// The same work for every strategy: which keys each thread uses in which order, on whose account and with how many bytes. Made from a fixed seed; each
/// thread goes round its own sequence, so what must come out can be told from how far it came.
/// </summary>
internal sealed class Workload
{
    /// <summary>Steps after which a thread begins its sequence again; a power of two.</summary>
    public const int Period = 1 << 16;

    public const int MaxThreads = 16;
    private const int Tenants = 16;
    private const int Seed = 20_261_121;

    private readonly Step[][] _steps;

    /// <param name="name">For reports.</param>
    /// <param name="keys">Distinct keys.</param>
    /// <param name="skew">Exponent of Zipf's law; 0 draws all keys alike.</param>
    public Workload(string name, int keys, double skew)
    {
        Name = name;
        Keys = [.. Enumerable.Range(0, keys).Select(key => $"models/v2/tensor-{key:D6}.safetensors")];
        string[] tenants = [.. Enumerable.Range(0, Tenants).Select(tenant => $"TENANT{tenant:D2}")];
        double[] cumulated = Cumulate(keys, skew);
        _steps = new Step[MaxThreads][];
        for (int thread = 0; thread < MaxThreads; thread++)
        {
            Random random = new(Seed + thread);
            _steps[thread] = new Step[Period];
            for (int step = 0; step < Period; step++)
            {
                int drawn = Array.BinarySearch(cumulated, random.NextDouble() * cumulated[^1]);
                int key = Math.Min(drawn < 0 ? ~drawn : drawn, keys - 1);
                _steps[thread][step] = new Step(key, Keys[key], tenants[random.Next(Tenants)], random.Next(1, 1 << 20));
            }
        }
    }

    public string Name { get; }

    public string[] Keys { get; }

    public Step[] StepsOf(int thread) => _steps[thread];

    /// <summary>What must have been counted when each thread has done so many steps.</summary>
    public Tally Expect(IReadOnlyList<long> stepsByThread)
    {
        Tally expected = new();
        for (int thread = 0; thread < stepsByThread.Count; thread++)
        {
            for (int step = 0; step < Period; step++)
            {
                long times = (stepsByThread[thread] / Period) + (step < stepsByThread[thread] % Period ? 1 : 0);
                if (times > 0)
                {
                    Step done = _steps[thread][step];
                    expected.Add(done.Key, done.Tenant, new(times, times * done.Bytes));
                }
            }
        }

        return expected;
    }

    private static double[] Cumulate(int keys, double skew)
    {
        double[] cumulated = new double[keys];
        double sum = 0;
        for (int rank = 0; rank < keys; rank++)
        {
            sum += Math.Pow(rank + 1, -skew);
            cumulated[rank] = sum;
        }

        return cumulated;
    }
}
