using S3Proxy.Demo.Peers.Memory;

namespace S3Proxy.Demo.Peers.Results;

/// <summary>One measurement of one server.</summary>
internal sealed record PeerSample
{
    public required string Scenario { get; init; }

    /// <summary>What of the scenario was measured, such as a size and a number of connections.</summary>
    public required string Cell { get; init; }

    public required string Server { get; init; }

    /// <summary>From 1.</summary>
    public required int Round { get; init; }

    /// <summary>Whole and right answers.</summary>
    public required long Answers { get; init; }

    public required double RequestsPerSecond { get; init; }

    /// <summary>Time to the last byte.</summary>
    public required double P50Milliseconds { get; init; }

    /// <inheritdoc cref="P50Milliseconds"/>
    public required double P99Milliseconds { get; init; }

    /// <summary>Time to the first byte of the body; null where the client does not tell.</summary>
    public required double? FirstByteP50Milliseconds { get; init; }

    /// <inheritdoc cref="FirstByteP50Milliseconds"/>
    public required double? FirstByteP99Milliseconds { get; init; }

    /// <summary>Processor time of all processes of the server, in microseconds an answer.</summary>
    public required double CpuMicrosecondsPerRequest { get; init; }

    /// <summary>Resident memory of all processes of the server and the files of its cache in memory, at the end.</summary>
    public required long MemoryBytes { get; init; }

    public required long Errors { get; init; }

    /// <summary>Of the errors, answers with a byte that is not the object's.</summary>
    public required long Wrong { get; init; }

    public required string? FirstError { get; init; }

    public required long OriginGets { get; init; }

    public required long OriginBytes { get; init; }

    /// <summary>1 - origin requests / answers; null where nothing is to be learnt from it.</summary>
    public required double? HitRatio { get; init; }

    /// <summary>Origin bytes over the bytes of the different slices that were asked for; null where ranges are not what is measured.</summary>
    public required double? OriginBytesPerSliceByte { get; init; }

    /// <summary>The memory that the server was to take at most, and took; null where that was not bounded.</summary>
    public MemoryFit? Fit { get; init; }

    /// <summary>What known policies would have come to with as many bytes of content; null where that is not known.</summary>
    public ReplayedRatios? Replayed { get; init; }
}
