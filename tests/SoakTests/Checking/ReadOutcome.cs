namespace S3Proxy.SoakTests.Checking;

/// <summary>How a read ended, as its client saw it.</summary>
internal enum ReadOutcome
{
    /// <summary>A whole answer that ended cleanly.</summary>
    Whole,

    /// <summary>304.</summary>
    NotModified,

    /// <summary>412.</summary>
    PreconditionFailed,

    /// <summary>416.</summary>
    RangeRefused,

    /// <summary>404 NoSuchKey.</summary>
    Missing,

    /// <summary>500 or 503 in S3's form.</summary>
    Refused,

    /// <summary>The connection broke after the headers.</summary>
    BrokenOff,

    /// <summary>The connection broke before the headers.</summary>
    Unanswered,

    /// <summary>The client left on purpose.</summary>
    Left,
}
