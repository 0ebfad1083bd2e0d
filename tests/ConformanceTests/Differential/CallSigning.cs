namespace S3Proxy.ConformanceTests.Differential;

/// <summary>How a call shows who it is from.</summary>
internal enum CallSigning
{
    /// <summary>An Authorization header with a signed payload hash.</summary>
    Header,

    /// <summary>A presigned URL.</summary>
    Presigned,

    /// <summary>Not at all.</summary>
    Anonymous,

    /// <summary>Signed with another secret.</summary>
    WrongSecret,

    /// <summary>Presigned with another secret.</summary>
    PresignedWrongSecret,

    /// <summary>Signed with an access key that nobody has.</summary>
    UnknownKey,

    /// <summary>Presigned an hour ago for a minute.</summary>
    PresignedExpired,

    /// <summary>Presigned for more than a week.</summary>
    PresignedTooLong,

    /// <summary>Signed by a clock that is an hour slow.</summary>
    Skewed,

    /// <summary>Signed over an x-amz-date header that is no date.</summary>
    BadDate,
}
