namespace S3Proxy.FunctionalTests.Writes;

/// <summary>
/// One mutating request of S3 and what it must do to the cache. The origin in the tests has no ACL, tags or bucket settings; where <see cref="StandInStatus"/> is
/// set it answers that, and the test changes the object's headers behind the proxy in the place of the effect.
/// </summary>
internal sealed record WriteRow(string Name, HttpMethod Method, string Query = "")
{
    /// <summary>False when reads must stay hits: the operation changes nothing that they tell.</summary>
    public bool ChangesReads { get; init; } = true;

    /// <summary>True when the request names the bucket alone.</summary>
    public bool OnBucket { get; init; }

    /// <summary>Status that the origin answers instead of doing anything; null where it does what is asked.</summary>
    public int? StandInStatus { get; init; }

    /// <summary>Prepares at the origin what the request needs and gives its query, headers and body.</summary>
    public Func<WriteBench, string, Task<WriteRequest>> Prepare { get; init; } = static (_, _) => Task.FromResult(new WriteRequest());

    public override string ToString() => Name;
}
