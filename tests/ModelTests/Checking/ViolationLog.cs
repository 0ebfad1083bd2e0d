namespace S3Proxy.ModelTests.Checking;

/// <summary>Remembers the first violation; what follows from it tells nothing. Thread-safe.</summary>
internal sealed class ViolationLog
{
    private Violation? _first;

    public Violation? First => Volatile.Read(ref _first);

    public void Add(Invariant invariant, string what) => Interlocked.CompareExchange(ref _first, new Violation(invariant, what), null);
}
