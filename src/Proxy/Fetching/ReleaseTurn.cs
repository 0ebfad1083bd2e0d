namespace S3Proxy.Fetching;

/// <summary>One turn at the origin out of a <see cref="ReleaseGate"/>. Disposing it, from any thread and as often as one likes, gives it back once.</summary>
internal sealed class ReleaseTurn(ReleaseGate gate) : IDisposable
{
    private int _given;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _given, 1) == 0)
        {
            gate.Leave();
        }
    }
}
