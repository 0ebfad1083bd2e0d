using S3Proxy.Testing.Origin.Protocol;
using S3Proxy.Testing.Origin.Storage;

namespace S3Proxy.Testing.Origin.Handlers;

/// <summary>Leads each operation to the code that does it. Thread-safe.</summary>
internal sealed class OperationDispatcher
{
    private readonly BucketOperations _buckets;
    private readonly ObjectReads _reads;
    private readonly ObjectWrites _writes;
    private readonly ObjectCopies _copies;
    private readonly ObjectDeletes _deletes;
    private readonly MultipartOperations _multipart;
    private readonly Listings _listings;

    public OperationDispatcher(OriginStore store, EmbeddedOriginOptions options)
    {
        BodyReader bodies = new(options.MaxUploadBytes);
        _buckets = new BucketOperations(store, bodies, options.Region);
        _reads = new ObjectReads(store);
        _writes = new ObjectWrites(store, bodies);
        _copies = new ObjectCopies(store);
        _deletes = new ObjectDeletes(store, bodies);
        _multipart = new MultipartOperations(store, bodies, options.MinPartBytes);
        _listings = new Listings(store);
    }

    /// <summary>Does the operation. Writes are committed when the task completes.</summary>
    public ValueTask<OriginResponse> ExecuteAsync(OriginCall call, CancellationToken cancellationToken) => call.Record.Operation switch
    {
        OriginOperation.GetObject or OriginOperation.HeadObject => new(_reads.Read(call)),
        OriginOperation.PutObject => _writes.PutAsync(call, cancellationToken),
        OriginOperation.CopyObject => new(_copies.Copy(call)),
        OriginOperation.DeleteObject => new(_deletes.Delete(call)),
        OriginOperation.DeleteObjects => _deletes.DeleteManyAsync(call, cancellationToken),
        OriginOperation.CreateMultipartUpload => new(_multipart.Create(call)),
        OriginOperation.UploadPart => _multipart.UploadPartAsync(call, cancellationToken),
        OriginOperation.UploadPartCopy => new(_multipart.CopyPart(call)),
        OriginOperation.CompleteMultipartUpload => _multipart.CompleteAsync(call, cancellationToken),
        OriginOperation.AbortMultipartUpload => new(_multipart.Abort(call)),
        OriginOperation.ListParts => new(_multipart.ListParts(call)),
        OriginOperation.ListMultipartUploads => new(_multipart.ListUploads(call)),
        OriginOperation.ListObjects => new(_listings.ListV1(call)),
        OriginOperation.ListObjectsV2 => new(_listings.ListV2(call)),
        OriginOperation.ListBuckets => new(_buckets.List()),
        OriginOperation.CreateBucket => _buckets.CreateAsync(call, cancellationToken),
        OriginOperation.HeadBucket => new(_buckets.Head(call)),
        OriginOperation.DeleteBucket => new(_buckets.Delete(call)),
        OriginOperation.GetBucketLocation => new(_buckets.Location(call)),
        OriginOperation.GetBucketVersioning => new(_buckets.Versioning(call)),
        OriginOperation.PutBucketVersioning => _buckets.SetVersioningAsync(call, cancellationToken),
        _ => new(call.Error(OriginErrorCode.NotImplemented)),
    };
}
