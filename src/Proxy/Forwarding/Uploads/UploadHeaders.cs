using System.Globalization;
using Microsoft.Extensions.Primitives;
using S3Proxy.Protocol;

namespace S3Proxy.Forwarding.Uploads;

/// <summary>The headers that tell how a body is encoded: read from the client's request, and set to what the origin gets.</summary>
internal static class UploadHeaders
{
    private const string ChecksumPrefix = "x-amz-checksum-";

    /// <summary>Reads <c>x-amz-decoded-content-length</c>, bytes of the object.</summary>
    public static bool TryReadDecodedLength(IHeaderDictionary headers, out long decodedBytes, out S3Error? error)
    {
        error = null;
        if (!long.TryParse(headers[S3Headers.DecodedContentLength].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out decodedBytes))
        {
            error = UploadErrors.NoDecodedLength;
        }
        else if (decodedBytes > UploadBody.MaxObjectBytes)
        {
            error = UploadErrors.TooLarge(UploadBody.MaxObjectBytes);
        }

        return error is null;
    }

    /// <summary>Reads <c>x-amz-trailer</c>: at most one checksum, and no other beside it. The caller disposes it.</summary>
    public static bool TryReadTrailer(IHeaderDictionary headers, PayloadKind kind, out TrailerChecksum? checksum, out S3Error? error)
    {
        checksum = null;
        error = null;
        string announced = headers[S3Headers.Trailer].ToString().Trim();
        if (announced.Length == 0)
        {
            return true;
        }

        if (kind == PayloadKind.StreamingSigned || TrailerChecksum.TryCreate(announced) is not { } known)
        {
            error = UploadErrors.TrailerNotSupported;
            return false;
        }

        string algorithm = headers[S3Headers.SdkChecksumAlgorithm].ToString();
        error = headers.Keys.Any(IsChecksumValue) ? UploadErrors.TwoChecksums
            : algorithm.Length > 0 && !algorithm.Equals(known.Algorithm, StringComparison.OrdinalIgnoreCase) ? UploadErrors.AlgorithmMismatch
            : null;
        if (error is not null)
        {
            known.Dispose();
            return false;
        }

        checksum = known;
        return true;
    }

    /// <summary>Takes <c>aws-chunked</c> out of Content-Encoding: it tells of the transfer, and S3 does not keep it with the object.</summary>
    public static void RemoveChunkedCoding(IHeaderDictionary headers)
    {
        StringValues codings = headers.ContentEncoding;
        if (codings.Count == 0)
        {
            return;
        }

        string[] kept =
        [
            .. codings.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(static coding => !coding.Equals(PayloadDeclaration.ChunkedCoding, StringComparison.OrdinalIgnoreCase)),
        ];
        headers.ContentEncoding = kept.Length == 0 ? StringValues.Empty : string.Join(",", kept);
    }

    /// <summary>The origin gets the plain bytes of the object.</summary>
    public static void SetPlain(IHeaderDictionary headers, long decodedBytes)
    {
        RemoveChunkedCoding(headers);
        headers.Remove("Transfer-Encoding");
        headers.ContentLength = decodedBytes;
        headers[S3Headers.ContentSha256] = PayloadDeclaration.UnsignedValue;
        headers.Remove(S3Headers.DecodedContentLength);
        if (headers.Remove(S3Headers.Trailer))
        {
            // S3 refuses an algorithm without its checksum.
            headers.Remove(S3Headers.SdkChecksumAlgorithm);
        }
    }

    /// <summary>The origin gets chunks without signatures and the checksum in the trailer.</summary>
    public static void SetEncoded(IHeaderDictionary headers, long decodedBytes, TrailerChecksum checksum)
    {
        RemoveChunkedCoding(headers);
        string rest = headers.ContentEncoding.ToString();
        headers.ContentEncoding = rest.Length == 0 ? PayloadDeclaration.ChunkedCoding : $"{PayloadDeclaration.ChunkedCoding},{rest}";
        headers.Remove("Transfer-Encoding");
        headers.ContentLength = TrailerEncodingStream.EncodedBytes(decodedBytes, checksum);
        headers[S3Headers.ContentSha256] = PayloadDeclaration.StreamingUnsignedTrailerValue;
        headers[S3Headers.DecodedContentLength] = decodedBytes.ToString(CultureInfo.InvariantCulture);
        headers[S3Headers.Trailer] = checksum.HeaderName;
    }

    // x-amz-checksum-algorithm and -type, and -mode of reads, name no value.
    private static bool IsChecksumValue(string header) =>
        header.StartsWith(ChecksumPrefix, StringComparison.OrdinalIgnoreCase)
        && header.AsSpan(ChecksumPrefix.Length) is var name
        && !name.Equals("algorithm", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("type", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("mode", StringComparison.OrdinalIgnoreCase);
}
