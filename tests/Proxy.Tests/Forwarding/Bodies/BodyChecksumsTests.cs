using S3Proxy.Forwarding.Bodies;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Bodies;

public class BodyChecksumsTests
{
    private static readonly byte[] Body = "123456789"u8.ToArray();

    private static readonly BodyChecksums Right = new()
    {
        ContentMd5 = "JfnnlDI7RTiF9RgfG2JNCw==",
        ContentSha256 = "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
        Crc32 = "y/Q5Jg==",
        Crc32C = "4waSgw==",
        Crc64Nvme = "rosUhgp5mIg=",
        Sha1 = "98O8HYCOBHMq32eZZczDTKeuNEE=",
        Sha256 = "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=",
    };

    [Fact]
    public void Right_claims_and_no_claims_hold()
    {
        Assert.Null(Right.Verify(Body));
        Assert.Null(new BodyChecksums().Verify(Body));
    }

    [Fact]
    public void Every_kind_of_claim_is_checked()
    {
        byte[] changed = "123456780"u8.ToArray();
        foreach (BodyChecksums claim in new BodyChecksums[]
        {
            new() { ContentMd5 = Right.ContentMd5 },
            new() { ContentSha256 = Right.ContentSha256 },
            new() { Crc32 = Right.Crc32 },
            new() { Crc32C = Right.Crc32C },
            new() { Crc64Nvme = Right.Crc64Nvme },
            new() { Sha1 = Right.Sha1 },
            new() { Sha256 = Right.Sha256 },
        })
        {
            Assert.Null(claim.Verify(Body));
            Assert.Equal(S3ErrorCode.BadDigest, claim.Verify(changed)?.Code);
        }
    }

    [Theory]
    [InlineData("UNSIGNED-PAYLOAD")]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER")]
    [InlineData("15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225")]
    public void Payload_hashes_that_claim_nothing_or_are_in_capitals_hold(string value) =>
        Assert.Null(new BodyChecksums { ContentSha256 = value }.Verify(Body));

    [Fact]
    public void Claims_that_cannot_be_read_are_invalid_requests()
    {
        foreach (BodyChecksums claim in new BodyChecksums[]
        {
            new() { ContentMd5 = "" },
            new() { ContentMd5 = "%%%" },
            new() { ContentMd5 = "y/Q5Jg==" },
            new() { ContentMd5 = new string('A', 4000) },
            new() { ContentSha256 = "abc" },
            new() { ContentSha256 = new string('g', 64) },
            new() { Crc32 = "CBF43926" },
        })
        {
            Assert.Equal(S3ErrorCode.InvalidRequest, claim.Verify(Body)?.Code);
        }
    }

    [Theory]
    [InlineData("X-Amz-Checksum-Crc32", true)]
    [InlineData("x-amz-checksum-of-tomorrow", true)]
    [InlineData("x-amz-sdk-checksum-algorithm", true)]
    [InlineData("x-amz-trailer", true)]
    [InlineData("content-md5", false)]
    [InlineData("x-amz-bypass-governance-retention", false)]
    public void Headers_of_the_original_bytes_are_known(string header, bool describes) =>
        Assert.Equal(describes, BodyChecksums.DescribesOriginalBody(header));
}
