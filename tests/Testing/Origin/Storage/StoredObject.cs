namespace S3Proxy.Testing.Origin.Storage;

/// <summary>One version of an object, or a delete marker. Immutable.</summary>
internal sealed record StoredObject
{
    public static IReadOnlyDictionary<string, string> NoHeaders { get; } = new Dictionary<string, string>();

    public required string Key { get; init; }

    public ObjectContent Content { get; init; } = ByteContent.Empty;

    /// <summary>Quoted.</summary>
    public string ETag { get; init; } = "";

    /// <summary>Whole seconds, UTC: what Last-Modified can express.</summary>
    public required DateTimeOffset LastModified { get; init; }

    /// <summary>System and user headers that come back on reads, by name.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = NoHeaders;

    /// <summary>Headers that come back only where x-amz-checksum-mode asks for them.</summary>
    public IReadOnlyDictionary<string, string> ChecksumHeaders { get; init; } = NoHeaders;

    /// <summary>Bytes of each part of a multipart upload; empty for an object that was put in one piece.</summary>
    public IReadOnlyList<long> PartBytes { get; init; } = [];

    /// <summary>Null in a bucket without versions.</summary>
    public string? VersionId { get; init; }

    public bool IsDeleteMarker { get; init; }

    public string StorageClass => Headers.GetValueOrDefault("x-amz-storage-class", "STANDARD");
}
