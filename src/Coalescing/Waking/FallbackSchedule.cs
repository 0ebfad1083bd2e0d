namespace S3Proxy.Coalescing.Waking;

/// <summary>
/// How long to wait for a wake before looking oneself (requirements W2, W5): seldom while wakes arrive, once an interval while they may not. Immutable; each
/// event makes the next state. Times are distances from one origin on a clock that never goes back.
/// </summary>
/// <remarks>
/// Degraded mode begins when the link is lost or a wake was missed. It ends when the link is up, its time is over <em>and</em> the clean checks have been made: time alone proves
/// nothing when nobody looked, looks alone nothing when they all came at once.
/// </remarks>
public sealed record FallbackSchedule
{
    private readonly FallbackOptions _options;
    private bool _isLinkDown;
    private TimeSpan _degradedUntil = TimeSpan.MinValue;
    private int _cleanChecksLeft;

    /// <summary>Starts with the link up and nothing missed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public FallbackSchedule(FallbackOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>True while wakes may not arrive.</summary>
    public bool IsDegraded(TimeSpan now) => _isLinkDown || _cleanChecksLeft > 0 || now < _degradedUntil;

    /// <summary>The time to the next look of someone who has looked <paramref name="looks"/> times since the last wake, 0 or more.</summary>
    public TimeSpan NextLook(int looks, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(looks);
        long growth = IsDegraded(now) ? 1 : Math.Min(1L << Math.Min(looks, 31), _options.MaxGrowth);
        return _options.Interval > TimeSpan.MaxValue / growth ? TimeSpan.MaxValue : _options.Interval * growth;
    }

    /// <summary>The link that carries wakes was lost.</summary>
    public FallbackSchedule LinkLost() => this with { _isLinkDown = true };

    /// <summary>The link is there again; what was sent meanwhile is lost. No change when it was never lost.</summary>
    public FallbackSchedule LinkRestored(TimeSpan now) => _isLinkDown ? Degrade(now) with { _isLinkDown = false } : this;

    /// <summary>A look found something of which no wake had told.</summary>
    public FallbackSchedule Missed(TimeSpan now) => Degrade(now);

    /// <summary>A look found nothing missed. Counts only while the link is up.</summary>
    public FallbackSchedule CleanCheck() => _isLinkDown || _cleanChecksLeft == 0 ? this : this with { _cleanChecksLeft = _cleanChecksLeft - 1 };

    private FallbackSchedule Degrade(TimeSpan now) => this with
    {
        _degradedUntil = now > TimeSpan.MaxValue - _options.DegradedTime ? TimeSpan.MaxValue : now + _options.DegradedTime,
        _cleanChecksLeft = _options.CleanChecks,
    };
}
