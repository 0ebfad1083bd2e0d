namespace S3Proxy.FastPath;

/// <summary>The exchanges of a server: one a processor as a rule, more only while a thread loses its processor in the middle of one. Thread-safe.</summary>
internal sealed class Exchanges(TimeProvider timeProvider)
{
    /// <summary>References of a line of the processor's cache, and of the one that is fetched with it: so far apart that processors do not disturb one another.</summary>
    private const int Stride = 16;

    private readonly Exchange?[] _idle = new Exchange?[Environment.ProcessorCount * Stride];

    /// <summary>An exchange for the caller alone, until it is given back.</summary>
    public Exchange Rent() => Interlocked.Exchange(ref Place(), null) ?? new Exchange(timeProvider);

    /// <summary>Gives an exchange back.</summary>
    public void Return(Exchange exchange) => Volatile.Write(ref Place(), exchange);

    private ref Exchange? Place() => ref _idle[Thread.GetCurrentProcessorId() % Environment.ProcessorCount * Stride];
}
