using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using S3Proxy.Testing.Origin.Protocol;

namespace S3Proxy.Testing.Origin.Storage;

internal sealed partial class OriginStore
{
    public OriginErrorCode? CreateUpload(string bucketName, string key, IReadOnlyDictionary<string, string> headers, out string uploadId)
    {
        lock (_lock)
        {
            uploadId = NextId("u");
            if (!_buckets.TryGetValue(bucketName, out StoredBucket? bucket))
            {
                return OriginErrorCode.NoSuchBucket;
            }

            bucket.Uploads.Add(uploadId, new MultipartUpload(uploadId, key, headers, Now));
            return null;
        }
    }

    /// <summary>Adds or replaces a part.</summary>
    public OriginErrorCode? AddPart(string bucketName, string key, string uploadId, UploadedPart part)
    {
        lock (_lock)
        {
            if (!TryFindUpload(bucketName, key, uploadId, out _, out MultipartUpload? upload))
            {
                return OriginErrorCode.NoSuchUpload;
            }

            upload.Parts[part.Number] = part;
            return null;
        }
    }

    public OriginErrorCode? ListParts(string bucketName, string key, string uploadId, out IReadOnlyList<UploadedPart> parts)
    {
        lock (_lock)
        {
            bool found = TryFindUpload(bucketName, key, uploadId, out _, out MultipartUpload? upload);
            parts = found ? [.. upload!.Parts.Values] : [];
            return found ? null : OriginErrorCode.NoSuchUpload;
        }
    }

    public OriginErrorCode? ListUploads(string bucketName, out IReadOnlyList<(string Id, string Key, DateTimeOffset Initiated)> uploads)
    {
        lock (_lock)
        {
            bool found = _buckets.TryGetValue(bucketName, out StoredBucket? bucket);
            uploads = found ? [.. bucket!.Uploads.Values.Select(upload => (upload.Id, upload.Key, upload.Initiated))] : [];
            return found ? null : OriginErrorCode.NoSuchBucket;
        }
    }

    public OriginErrorCode? AbortUpload(string bucketName, string key, string uploadId)
    {
        lock (_lock)
        {
            if (!TryFindUpload(bucketName, key, uploadId, out StoredBucket? bucket, out _))
            {
                return OriginErrorCode.NoSuchUpload;
            }

            bucket.Uploads.Remove(uploadId);
            return null;
        }
    }

    /// <summary>Checks the client's list of parts and commits the object, both under one lock.</summary>
    public OriginErrorCode? CompleteUpload(
        string bucketName,
        string key,
        string uploadId,
        IReadOnlyList<(int Number, string ETag)> wanted,
        long minPartBytes,
        Func<StoredObject?, OriginErrorCode?>? condition,
        out StoredObject? stored)
    {
        lock (_lock)
        {
            stored = null;
            if (!TryFindUpload(bucketName, key, uploadId, out StoredBucket? bucket, out MultipartUpload? upload))
            {
                return OriginErrorCode.NoSuchUpload;
            }

            if (Choose(upload, wanted, minPartBytes, out List<UploadedPart> parts) is { } refusal)
            {
                return refusal;
            }

            StoredObject candidate = new()
            {
                Key = key,
                Content = new JoinedContent([.. parts.Select(part => part.Content)]),
                ETag = ETagOf(parts),
                LastModified = Now,
                Headers = upload.Headers,
                PartBytes = [.. parts.Select(part => part.Content.Length)],
            };
            if (Put(bucketName, candidate, condition, out StoredObject committed) is { } failure)
            {
                return failure;
            }

            stored = committed;
            bucket.Uploads.Remove(uploadId);
            return null;
        }
    }

    private static OriginErrorCode? Choose(
        MultipartUpload upload, IReadOnlyList<(int Number, string ETag)> wanted, long minPartBytes, out List<UploadedPart> parts)
    {
        parts = [];
        foreach ((int number, string etag) in wanted)
        {
            if (parts.Count > 0 && number <= parts[^1].Number)
            {
                return OriginErrorCode.InvalidPartOrder;
            }

            if (!upload.Parts.TryGetValue(number, out UploadedPart? part) || part.ETag.Trim('"') != etag.Trim('"'))
            {
                return OriginErrorCode.InvalidPart;
            }

            parts.Add(part);
        }

        return parts.SkipLast(1).Any(part => part.Content.Length < minPartBytes) ? OriginErrorCode.EntityTooSmall : null;
    }

    /// <summary>The MD5 of the parts' MD5s and their number.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "S3 defines the ETag by MD5.")]
    private static string ETagOf(List<UploadedPart> parts)
    {
        byte[] digests = [.. parts.SelectMany(part => part.Md5)];
        return string.Create(CultureInfo.InvariantCulture, $"\"{Convert.ToHexStringLower(MD5.HashData(digests))}-{parts.Count}\"");
    }
}
