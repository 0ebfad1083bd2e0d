namespace S3Proxy.Coalescing.Statistics;

/// <summary>One request as it is noted where it happens; what it means for totals is worked out later. Kept small: a batch holds hundreds.</summary>
internal readonly record struct UsageRecord<TKey, TTenant>
{
    private const int SavingBits = 2;

    /// <summary>The bytes, and in the lowest bits what was saved.</summary>
    private readonly long _packed;

    public UsageRecord(TKey key, TTenant tenant, long bytes, UsageSaving saving)
    {
        Key = key;
        Tenant = tenant;
        _packed = (bytes << SavingBits) | (long)saving;
    }

    public TKey Key { get; }

    public TTenant Tenant { get; }

    public Usage Usage
    {
        get
        {
            long bytes = _packed >> SavingBits;
            UsageSaving saving = (UsageSaving)(_packed & ((1 << SavingBits) - 1));
            return new Usage(1, bytes, saving == UsageSaving.RequestAndBytes ? 1 : 0, saving == UsageSaving.None ? 0 : bytes);
        }
    }
}
