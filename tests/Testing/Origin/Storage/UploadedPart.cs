namespace S3Proxy.Testing.Origin.Storage;

/// <summary>One part. Immutable.</summary>
/// <param name="Number">1 to 10,000.</param>
/// <param name="Content">Its bytes.</param>
/// <param name="Md5">The MD5 of its bytes, from which the part's and the object's ETag are made.</param>
/// <param name="Uploaded">When it came.</param>
internal sealed record UploadedPart(int Number, ObjectContent Content, byte[] Md5, DateTimeOffset Uploaded)
{
    public string ETag { get; } = $"\"{Convert.ToHexStringLower(Md5)}\"";
}
