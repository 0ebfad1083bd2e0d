using Microsoft.AspNetCore.Http;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class PayloadDeclarationTests
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData(null, PayloadKind.Absent, false)]
    [InlineData("UNSIGNED-PAYLOAD", PayloadKind.Unsigned, false)]
    [InlineData(Hash, PayloadKind.SignedHash, false)]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", PayloadKind.StreamingSigned, true)]
    [InlineData("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", PayloadKind.StreamingSignedTrailer, true)]
    [InlineData("STREAMING-UNSIGNED-PAYLOAD-TRAILER", PayloadKind.StreamingUnsignedTrailer, true)]
    public void Kinds(string? value, object kind, bool isStreaming)
    {
        var headers = new HeaderDictionary();
        if (value is not null)
        {
            headers["x-amz-content-sha256"] = value;
        }

        Assert.True(PayloadDeclaration.TryParse(headers, out PayloadDeclaration declaration, out S3Error? error));
        Assert.Null(error);
        Assert.Equal((kind, isStreaming, value), (declaration.Kind, declaration.IsStreaming, declaration.HeaderValue));
        Assert.Equal(value == Hash ? Hash : null, declaration.Sha256Hex);
    }

    [Theory]
    [InlineData("")]
    [InlineData("unsigned-payload")]
    [InlineData("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD")]
    [InlineData("e3b0")]
    [InlineData("g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void Unknown_values_are_refused(string value)
    {
        Assert.False(PayloadDeclaration.TryParse(new HeaderDictionary { ["x-amz-content-sha256"] = value }, out _, out S3Error? error));
        Assert.Equal(S3ErrorCode.InvalidArgument, error!.Code);
    }

    [Theory]
    [InlineData("aws-chunked", true)]
    [InlineData("gzip, AWS-chunked", true)]
    [InlineData("gzip", false)]
    [InlineData("aws-chunkedx", false)]
    public void Content_encoding_is_told(string value, bool expected)
    {
        Assert.True(PayloadDeclaration.TryParse(new HeaderDictionary { ["Content-Encoding"] = value }, out PayloadDeclaration declaration, out _));

        Assert.Equal(expected, declaration.HasChunkedEncoding);
    }
}
