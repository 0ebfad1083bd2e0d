using System.Security.Cryptography;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Bodies;

/// <summary>
/// The DeleteObjects body for the origin of a mapped bucket: the same objects under their names there, with the digests of the new
/// bytes. Headers of which <see cref="BodyChecksums.DescribesOriginalBody"/> is true must not be sent along. Owns its buffer.
/// </summary>
internal sealed class OriginDeleteObjectsBody : IDisposable
{
    // An escape makes at most six bytes (&quot;, &#x1F;) of one; prefixes add at most 1 KiB a key, escaped alike.
    private const int MaxBytes = 6 * (DeleteObjectsBody.MaxBodyBytes + (DeleteObjectsBody.MaxObjects * ObjectKey.MaxBytes)) + (1024 * 1024);

    private readonly BodyBuffer _buffer;

    private OriginDeleteObjectsBody(BodyBuffer buffer)
    {
        _buffer = buffer;
        ContentMd5 = Convert.ToBase64String(BodyChecksums.Md5(buffer.Span));
        ContentSha256 = Convert.ToHexStringLower(SHA256.HashData(buffer.Span));
    }

    public ReadOnlyMemory<byte> Bytes => _buffer.Memory;

    /// <summary>Value of <c>Content-MD5</c>, which S3 demands for this operation.</summary>
    public string ContentMd5 { get; }

    /// <summary>Value of <c>x-amz-content-sha256</c>, lower-case hexadecimal.</summary>
    public string ContentSha256 { get; }

    public static OriginDeleteObjectsBody Create(DeleteObjectsBody body, KeyMapping mapping)
    {
        var buffer = new BodyBuffer(MaxBytes);
        var writer = new XmlBodyWriter(buffer);
        writer.Declaration();
        writer.StartTag("Delete", body.XmlNamespace);
        foreach (DeleteObjectsEntry entry in body.Objects)
        {
            writer.StartTag("Object");
            writer.Element("Key", mapping.ToOrigin(entry.Key));
            if (entry.VersionId is not null)
            {
                writer.Element("VersionId", entry.VersionId);
            }

            foreach ((string name, string text) in entry.Conditions)
            {
                writer.Element(name, text);
            }

            writer.EndTag("Object");
        }

        if (body.Quiet)
        {
            writer.Element("Quiet", "true");
        }

        writer.EndTag("Delete");
        if (!buffer.IsIntact)
        {
            // The parser bounds the input below anything that could get here.
            buffer.Dispose();
            throw new InvalidOperationException("A checked DeleteObjects body did not fit its bound.");
        }

        return new OriginDeleteObjectsBody(buffer);
    }

    public void Dispose() => _buffer.Dispose();
}
