namespace S3Proxy.Configuration;

/// <summary>Where metrics and traces are sent.</summary>
internal sealed record OtlpConfiguration
{
    /// <summary>The collector, scheme and authority.</summary>
    public required Uri Endpoint { get; init; }

    public OtlpProtocol Protocol { get; init; }

    /// <summary>Headers of every export, as <c>NAME=VALUE</c> with commas between them; empty for none. Holds secrets.</summary>
    public string Headers { get; init; } = "";

    /// <summary>Whether metrics are sent. Default true.</summary>
    public bool Metrics { get; init; } = true;

    /// <summary>Whether traces are sent. Default true.</summary>
    public bool Traces { get; init; } = true;

    /// <summary>How often metrics are sent. Default 60 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Share of requests that are traced, from 0 to 1, where the client has not decided. Default 1.</summary>
    public double SampleRatio { get; init; } = 1;

    /// <summary>Whether spans tell the object's key. Default false.</summary>
    public bool ObjectKeys { get; init; }

    /// <summary>Never tells the headers.</summary>
    public override string ToString() => $"OtlpConfiguration({Endpoint}, {Protocol})";
}
