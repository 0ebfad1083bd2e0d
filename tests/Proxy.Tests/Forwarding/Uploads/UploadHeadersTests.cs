using Microsoft.AspNetCore.Http;
using S3Proxy.Forwarding.Uploads;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Uploads;

/// <summary>Requirement S7: what the headers of an upload say, and what of it the origin hears.</summary>
public sealed class UploadHeadersTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("007", 7)]
    [InlineData("5368709120", 5368709120)]
    public void Decoded_lengths(string text, long expected)
    {
        Assert.True(UploadHeaders.TryReadDecodedLength(With("x-amz-decoded-content-length", text), out long length, out _));
        Assert.Equal(expected, length);
    }

    [Theory]
    [InlineData("", S3ErrorCode.MissingContentLength)]
    [InlineData("-1", S3ErrorCode.MissingContentLength)]
    [InlineData("+1", S3ErrorCode.MissingContentLength)]
    [InlineData("1.0", S3ErrorCode.MissingContentLength)]
    [InlineData("1,1", S3ErrorCode.MissingContentLength)]
    [InlineData("5368709121", S3ErrorCode.EntityTooLarge)]
    internal void Decoded_lengths_that_are_refused(string text, S3ErrorCode code)
    {
        Assert.False(UploadHeaders.TryReadDecodedLength(With("x-amz-decoded-content-length", text), out _, out S3Error? error));
        Assert.Equal(code, error?.Code);
    }

    [Theory]
    [InlineData("x-amz-checksum-crc32", "", null)]
    [InlineData(" X-Amz-Checksum-SHA256 ", "SHA256", null)]
    [InlineData("x-amz-checksum-crc32", "sha1", "x-amz-sdk-checksum-algorithm")]
    [InlineData("x-amz-checksum-md5", "", "x-amz-trailer")]
    [InlineData("x-amz-checksum-", "", "x-amz-trailer")]
    [InlineData("x-amz-meta-a", "", "x-amz-trailer")]
    [InlineData("x-amz-checksum-crc32,x-amz-checksum-sha1", "", "x-amz-trailer")]
    public void Trailers_that_are_announced(string trailer, string algorithm, string? complaint)
    {
        HeaderDictionary headers = With("x-amz-trailer", trailer);
        headers["x-amz-checksum-type"] = "FULL_OBJECT";
        if (algorithm.Length > 0)
        {
            headers["x-amz-sdk-checksum-algorithm"] = algorithm;
        }

        bool isRead = UploadHeaders.TryReadTrailer(headers, PayloadKind.StreamingSignedTrailer, out TrailerChecksum? checksum, out S3Error? error);

        using (checksum)
        {
            Assert.Equal(complaint is null, isRead);
            Assert.Equal(complaint is null, checksum is not null);
            Assert.Contains(complaint ?? "", error?.Message ?? "", StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_checksum_in_the_headers_beside_the_trailer_is_refused()
    {
        HeaderDictionary headers = With("x-amz-trailer", "x-amz-checksum-crc32");
        headers["x-amz-checksum-sha256"] = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";

        Assert.False(UploadHeaders.TryReadTrailer(headers, PayloadKind.StreamingUnsignedTrailer, out _, out S3Error? error));
        Assert.Equal(S3ErrorCode.InvalidRequest, error?.Code);
    }

    [Theory]
    [InlineData("aws-chunked", "")]
    [InlineData("aws-chunked,gzip", "gzip")]
    [InlineData("gzip, AWS-Chunked ,br", "gzip,br")]
    [InlineData("gzip", "gzip")]
    [InlineData("", "")]
    public void The_coding_of_the_transfer_is_taken_out(string before, string after)
    {
        HeaderDictionary headers = With("Content-Encoding", before);
        UploadHeaders.RemoveChunkedCoding(headers);
        Assert.Equal(after, headers["Content-Encoding"].ToString());
        Assert.Equal(after.Length > 0, headers.ContainsKey("Content-Encoding"));
    }

    [Fact]
    public void Checksums_in_the_headers_go_on_with_a_plain_body()
    {
        HeaderDictionary headers = With("x-amz-checksum-crc32", "NhCmhg==");
        headers["x-amz-sdk-checksum-algorithm"] = "CRC32";
        headers["x-amz-decoded-content-length"] = "5";
        headers["Transfer-Encoding"] = "chunked";

        UploadHeaders.SetPlain(headers, 5);

        Assert.Equal(
            ["Content-Length: 5", "x-amz-checksum-crc32: NhCmhg==", "x-amz-content-sha256: UNSIGNED-PAYLOAD", "x-amz-sdk-checksum-algorithm: CRC32"],
            headers.Select(header => $"{header.Key}: {header.Value}").Order(StringComparer.Ordinal));
    }

    private static HeaderDictionary With(string name, string value) => value.Length == 0 ? [] : new HeaderDictionary { [name] = value };
}
