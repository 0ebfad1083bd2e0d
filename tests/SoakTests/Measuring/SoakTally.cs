using S3Proxy.SoakTests.Checking;

namespace S3Proxy.SoakTests.Measuring;

/// <summary>Counts what became of the requests and keeps the first violations. Thread-safe; one lock protects all fields.</summary>
internal sealed class SoakTally
{
    private const int ViolationsKept = 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<ReadOutcome, long> _outcomes = [];
    private readonly Dictionary<string, long> _byCache = new(StringComparer.Ordinal);
    private readonly List<string> _violations = [];

    /// <summary>Reads that ended in something that must not happen.</summary>
    public long Wrong { get; private set; }

    /// <summary>Body bytes that came.</summary>
    public long BodyBytes { get; private set; }

    public long AcknowledgedWrites { get; private set; }

    public long FailedWrites { get; private set; }

    /// <summary>Uploads that their client broke off.</summary>
    public long TornUploads { get; private set; }

    public IReadOnlyList<string> Violations
    {
        get
        {
            lock (_lock)
            {
                return [.. _violations];
            }
        }
    }

    public IReadOnlyDictionary<ReadOutcome, long> Outcomes
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<ReadOutcome, long>(_outcomes);
            }
        }
    }

    /// <summary>Reads by <c>x-cache</c>.</summary>
    public IReadOnlyDictionary<string, long> ByCache
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, long>(_byCache);
            }
        }
    }

    public void Add(AnswerVerdict verdict, string cache, string description)
    {
        lock (_lock)
        {
            _outcomes[verdict.Outcome] = _outcomes.GetValueOrDefault(verdict.Outcome) + 1;
            _byCache[cache] = _byCache.GetValueOrDefault(cache) + 1;
            BodyBytes += verdict.BodyBytes;
            if (verdict.Violation is null)
            {
                return;
            }

            Wrong++;
            if (_violations.Count < ViolationsKept)
            {
                _violations.Add($"{description}: {verdict.Violation}");
            }
        }
    }

    public void AddWrite(bool isAcknowledged)
    {
        lock (_lock)
        {
            AcknowledgedWrites += isAcknowledged ? 1 : 0;
            FailedWrites += isAcknowledged ? 0 : 1;
        }
    }

    public void AddTornUpload()
    {
        lock (_lock)
        {
            TornUploads++;
        }
    }
}
