namespace S3Proxy.Testing.Origin.Server;

/// <summary>The pace of all responses where no fault sets another. Can be changed at any time; responses under way follow.</summary>
internal sealed class OriginPace(EmbeddedOriginOptions options)
{
    private long _firstByteDelayTicks = options.FirstByteDelay.Ticks;
    private long _bytesPerSecond = options.BytesPerSecond ?? 0;

    public TimeSpan FirstByteDelay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _firstByteDelayTicks));
        set => Interlocked.Exchange(ref _firstByteDelayTicks, value.Ticks);
    }

    /// <summary>Null: as fast as it goes.</summary>
    public long? BytesPerSecond
    {
        get => Interlocked.Read(ref _bytesPerSecond) is > 0 and var rate ? rate : null;
        set => Interlocked.Exchange(ref _bytesPerSecond, value ?? 0);
    }
}
