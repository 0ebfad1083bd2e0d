using System.Collections.Frozen;

namespace S3Proxy.Caching.Memory;

/// <summary>Names and values of headers that many objects have, each one byte in a record.</summary>
internal static class KnownTexts
{
    private static readonly string[] Texts =
    [
        "Accept-Ranges", "Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-MD5", "Content-Type", "ETag", "Expires", "Last-Modified",
        "Server", "x-amz-version-id", "x-amz-storage-class", "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id",
        "x-amz-server-side-encryption-bucket-key-enabled", "x-amz-replication-status", "x-amz-expiration", "x-amz-restore", "x-amz-tagging-count", "x-amz-mp-parts-count",
        "x-amz-object-lock-mode", "x-amz-object-lock-retain-until-date", "x-amz-object-lock-legal-hold", "x-amz-website-redirect-location", "x-amz-missing-meta",
        "x-amz-checksum-crc32", "x-amz-checksum-crc32c", "x-amz-checksum-crc64nvme", "x-amz-checksum-sha1", "x-amz-checksum-sha256", "x-amz-checksum-type",
        "x-amz-bucket-region", "x-rgw-object-type", "x-amz-meta-mtime", "x-amz-meta-mode", "x-amz-meta-uid", "x-amz-meta-gid", "x-amz-meta-s3cmd-attrs",
        "Strict-Transport-Security", "X-Content-Type-Options", "X-Xss-Protection", "Content-Security-Policy", "Access-Control-Allow-Origin",
        "bytes", "none", "AmazonS3", "MinIO", "AES256", "aws:kms", "aws:kms:dsse", "FULL_OBJECT", "COMPOSITE", "COMPLETED", "REPLICA", "Normal", "true", "false", "*", "nosniff",
        "STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "gzip", "br", "zstd", "deflate", "identity", "aws-chunked", "attachment", "inline",
        "en", "en-US", "no-cache", "no-store", "private", "public", "max-age=0", "max-age=60", "max-age=300", "max-age=3600", "max-age=86400", "max-age=31536000",
        "public, max-age=3600", "public, max-age=86400", "public, max-age=31536000", "public, max-age=31536000, immutable",
        "application/octet-stream", "binary/octet-stream", "application/json", "application/x-ndjson", "application/xml", "application/pdf", "application/zip",
        "application/gzip", "application/x-tar", "application/javascript", "application/wasm", "application/vnd.apache.parquet", "application/x-www-form-urlencoded",
        "text/plain", "text/plain; charset=utf-8", "text/html", "text/html; charset=utf-8", "text/css", "text/css; charset=utf-8", "text/csv", "text/javascript", "text/xml",
        "image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "image/svg+xml", "image/tiff", "image/x-icon", "audio/mpeg", "audio/wav", "video/mp4",
        "video/mp2t", "video/webm", "application/vnd.apple.mpegurl", "application/dash+xml", "font/woff", "font/woff2",
    ];

    private static readonly FrozenDictionary<string, byte> Codes =
        Texts.Select(static (text, index) => KeyValuePair.Create(text, checked((byte)(index + TextForm.Known)))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>False when the text is none of them.</summary>
    public static bool TryCode(string text, out byte code) => Codes.TryGetValue(text, out code);

    /// <summary>The text of a code.</summary>
    public static string Text(byte code) => Texts[code - TextForm.Known];
}
