namespace S3Proxy.Configuration;

/// <summary>What the origin's provider asks, to tell savings in money. Zero: nothing is told of it.</summary>
internal sealed record PriceConfiguration
{
    /// <summary>Label of the metric: three capital letters. Default <c>USD</c>.</summary>
    public string Currency { get; init; } = "USD";

    /// <summary>Price of a thousand GETs. Default 0.</summary>
    public double PerThousandGets { get; init; }

    /// <summary>Price of a GiB of egress. Default 0.</summary>
    public double PerGiBEgress { get; init; }

    /// <summary>True when there is something to multiply with.</summary>
    public bool AreSet => PerThousandGets > 0 || PerGiBEgress > 0;
}
