namespace S3Proxy.Coalescing.Waking;

/// <summary>The tokens of one key in the order in which they were registered. The hub's lock protects it.</summary>
internal sealed class KeyTokens<TKey>
    where TKey : notnull, IEquatable<TKey>
{
    private WakeToken<TKey>? _last;

    public WakeToken<TKey>? First { get; private set; }

    public void Add(WakeToken<TKey> token)
    {
        token.PreviousOfKey = _last;
        if (_last is null)
        {
            First = token;
        }
        else
        {
            _last.NextOfKey = token;
        }

        _last = token;
    }

    public void Remove(WakeToken<TKey> token)
    {
        if (token.PreviousOfKey is null)
        {
            First = token.NextOfKey;
        }
        else
        {
            token.PreviousOfKey.NextOfKey = token.NextOfKey;
        }

        if (token.NextOfKey is null)
        {
            _last = token.PreviousOfKey;
        }
        else
        {
            token.NextOfKey.PreviousOfKey = token.PreviousOfKey;
        }

        token.PreviousOfKey = null;
        token.NextOfKey = null;
    }

    /// <summary>
    /// Who takes over: the first that waits, since it can act now; else the first that is about to look; last one that leads or has just looked, which may
    /// be the very one that failed.
    /// </summary>
    public WakeToken<TKey> Heir()
    {
        WakeToken<TKey>? looking = null;
        for (WakeToken<TKey>? token = First; token is not null; token = token.NextOfKey)
        {
            if (token.Phase == WaitPhase.Waiting)
            {
                return token;
            }

            if (looking is null && !token.HasAccepted)
            {
                looking = token;
            }
        }

        return looking ?? First!;
    }
}
