namespace S3Proxy.Testing.Origin.Storage;

/// <summary>An upload in progress. Not thread-safe: the store's lock protects it.</summary>
internal sealed class MultipartUpload(string id, string key, IReadOnlyDictionary<string, string> headers, DateTimeOffset initiated)
{
    public string Id { get; } = id;

    public string Key { get; } = key;

    /// <summary>What the finished object's reads return.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; } = headers;

    public DateTimeOffset Initiated { get; } = initiated;

    /// <summary>By part number.</summary>
    public SortedDictionary<int, UploadedPart> Parts { get; } = [];
}
