namespace S3Proxy.Fetching;

/// <summary>
/// An open answer that one participant of a flight may take for itself. Whoever takes it disposes it; the flight disposes what nobody took.
/// </summary>
internal sealed class AnswerHandover(OriginAnswer answer) : IDisposable
{
    private OriginAnswer? _answer = answer;

    /// <summary>The answer, to the first who asks; null to all others.</summary>
    public OriginAnswer? Take() => Interlocked.Exchange(ref _answer, null);

    public void Dispose() => Take()?.Dispose();
}
