namespace S3Proxy.Coalescing.Waking;

/// <summary>Tokens whose waits were ended under the lock and whose callers hear of it after; in the order of their ends, at no cost in memory.</summary>
internal struct EndedWaits<TKey>
    where TKey : notnull, IEquatable<TKey>
{
    private WakeToken<TKey>? _last;

    public WakeToken<TKey>? First { get; private set; }

    public void Add(WakeToken<TKey> token)
    {
        if (_last is null)
        {
            First = token;
        }
        else
        {
            _last.NextEnded = token;
        }

        _last = token;
    }
}
