namespace S3Proxy.ConformanceTests.Clients;

/// <summary>
/// A client of S3 as people run it, reduced to what the matrix asks of all of them. A method that fails throws, with what the client said; one that the client has no means
/// for throws <see cref="NotOfferedException"/>. Files are named by absolute paths. Not thread-safe.
/// </summary>
internal interface IMatrixClient : IAsyncDisposable
{
    /// <summary>Uploads in one request.</summary>
    Task PutAsync(string key, string file);

    Task PutWithMetadataAsync(string key, string file, string name, string value);

    Task GetAsync(string key, string file);

    /// <summary>Downloads the bytes from <paramref name="first"/> to <paramref name="last"/>, both included.</summary>
    Task GetRangeAsync(string key, long first, long last, string file);

    Task UploadInPartsAsync(string key, string file);

    /// <summary>Downloads with several ranged requests at a time.</summary>
    Task DownloadInPartsAsync(string key, string file);

    /// <summary>Copies without the bytes passing the client.</summary>
    Task CopyAsync(string source, string destination);

    Task<ObjectFacts> HeadAsync(string key);

    /// <summary>Lists with <c>/</c> as the delimiter, to the end.</summary>
    /// <param name="prefix">Empty or ends with a slash.</param>
    /// <param name="pageSize">Keys and prefixes a request; null for what the client takes by itself.</param>
    Task<Listing> ListAsync(string prefix, int? pageSize);

    Task<Uri> PresignGetAsync(string key);

    Task<Uri> PresignPutAsync(string key);

    Task DeleteAsync(string key);

    /// <summary>Deletes several objects at once.</summary>
    /// <param name="prefix">With a slash at its end; <paramref name="keys"/> are all that begin with it.</param>
    /// <param name="keys">The objects' keys.</param>
    Task DeleteManyAsync(string prefix, IReadOnlyList<string> keys);

    /// <summary>Downloads unless the object's entity tag is the one given; false when it is.</summary>
    Task<bool> GetIfNoneMatchAsync(string key, string etag, string file);

    /// <summary>Downloads if the object's entity tag is the one given; false when it is not.</summary>
    Task<bool> GetIfMatchAsync(string key, string etag, string file);
}
