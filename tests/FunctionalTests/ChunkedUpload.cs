using System.Globalization;
using S3Proxy.Testing.Uploads;

namespace S3Proxy.FunctionalTests;

/// <summary>An upload in aws-chunked encoding, right unless told otherwise.</summary>
internal sealed record ChunkedUpload(byte[] Data)
{
    public const string Signed = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    public const string SignedTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    public const string UnsignedTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    public HttpMethod Method { get; init; } = HttpMethod.Put;

    public string Query { get; init; } = "";

    /// <summary>Value of x-amz-content-sha256.</summary>
    public string PayloadHash { get; init; } = Signed;

    /// <summary>Checksum in the trailer; null for none.</summary>
    public string? Algorithm { get; init; }

    public int ChunkBytes { get; init; } = 8 * 1024;

    /// <summary>Value of x-amz-decoded-content-length; null for the right one, empty for no header.</summary>
    public string? DecodedLength { get; init; }

    public string ContentEncoding { get; init; } = "aws-chunked";

    /// <summary>Further headers, which are signed if their names begin with x-amz-.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Changes the encoded body.</summary>
    public Func<byte[], byte[]> Tamper { get; init; } = static body => body;

    /// <summary>Makes the content that carries the encoded body.</summary>
    public Func<byte[], HttpContent> Carrier { get; init; } = static body => new ByteArrayContent(body);

    /// <summary>Makes the whole encoded body, for one that is not held; null for <see cref="Data"/>.</summary>
    public Func<AwsChunkSigning, HttpContent>? Stream { get; init; }

    internal IEnumerable<KeyValuePair<string, string>> SignedHeaders()
    {
        foreach (KeyValuePair<string, string> header in Headers)
        {
            yield return header;
        }

        if (DecodedLength != "")
        {
            yield return new("x-amz-decoded-content-length", DecodedLength ?? Data.Length.ToString(CultureInfo.InvariantCulture));
        }

        if (Algorithm is not null)
        {
            yield return new("x-amz-trailer", "x-amz-checksum-" + Algorithm);
            yield return new("x-amz-sdk-checksum-algorithm", Algorithm.ToUpperInvariant());
        }
    }

    internal HttpContent Content(AwsChunkSigning signing)
    {
        if (Stream is not null)
        {
            return Stream(signing);
        }

        byte[] body = AwsChunkedEncoder.Encode(
            PayloadHash is Signed or SignedTrailer ? signing : null,
            Data,
            ChunkBytes,
            Algorithm is null ? null : "x-amz-checksum-" + Algorithm,
            Algorithm is null ? null : AwsChunkedEncoder.Checksum(Algorithm, Data));
        HttpContent content = Carrier(Tamper(body));
        if (ContentEncoding.Length > 0)
        {
            content.Headers.TryAddWithoutValidation("Content-Encoding", ContentEncoding);
        }

        return content;
    }
}
