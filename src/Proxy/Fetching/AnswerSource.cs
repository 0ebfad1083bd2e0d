namespace S3Proxy.Fetching;

/// <summary>Who told what a flight found.</summary>
internal enum AnswerSource
{
    /// <summary>The origin.</summary>
    Origin,

    /// <summary>The origin, which confirmed what was cached (304).</summary>
    Confirmed,

    /// <summary>Redis, where a replica had put it before.</summary>
    Kept,

    /// <summary>Another replica, which was asking the origin at that moment.</summary>
    Replica,
}
