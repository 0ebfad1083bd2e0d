using Microsoft.AspNetCore.Http;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Tests.Protocol.SigV4;

/// <summary>Requirement A3: what may be repeated in a client's name, and what makes two requests the same.</summary>
public sealed class ClientProofTests
{
    private const string Authorization = "AWS4-HMAC-SHA256 Credential=AK/20261121/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=0a";
    private const string Presigned = "/bkt/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261121T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=0a";

    [Fact]
    public void A_signed_request_is_copied_with_what_it_is_judged_by()
    {
        ClientProof proof = Read("/bkt/a%20b?x-id=GetObject", ("Referer", "https://r"), ("Accept", "*/*"), ("If-None-Match", "\"e\""))!;

        Assert.Equal("/bkt/a%20b?x-id=GetObject", proof.Target);
        Assert.Equal("proxy:9000", proof.Host);
        Assert.Equal(["Authorization", "Referer", "x-amz-content-sha256", "x-amz-date"], proof.Headers.Select(header => header.Key).Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 12, 15, 0, TimeSpan.Zero), proof.Expires);
        Assert.True(proof.Signs("X-Amz-Date"));
        Assert.False(proof.Signs("Range"));
    }

    [Theory]
    [InlineData("if-none-match", "\"e\"")]
    [InlineData("if-match", "\"e\"")]
    [InlineData("accept-encoding", "gzip")]
    [InlineData("content-type", "text/plain")]
    [InlineData("expect", "100-continue")]
    public void A_signed_header_that_a_shared_fetch_sets_otherwise_stands_in_the_way(string name, string value)
    {
        Assert.Null(Read("/bkt/k", ("Authorization", Authorization.Replace("=host", $"={name};host", StringComparison.Ordinal)), (name, value)));
        Assert.NotNull(Read("/bkt/k", (name, value)));
    }

    [Theory]
    [InlineData("x-amz-request-payer")]
    [InlineData("x-amz-server-side-encryption-customer-key")]
    [InlineData("x-amz-new-header")]
    public void A_header_of_S3_whose_meaning_is_not_known_to_be_harmless_stands_in_the_way(string name) => Assert.Null(Read("/bkt/k", (name, "v")));

    [Theory]
    [InlineData("AWS AK:sig")]
    [InlineData("AWS4-ECDSA-P256-SHA256 Credential=AK, SignedHeaders=host, Signature=0")]
    [InlineData("Bearer x")]
    [InlineData("AWS4-HMAC-SHA256 nonsense")]
    public void Another_scheme_cannot_be_repeated(string authorization) => Assert.Null(Read("/bkt/k", ("Authorization", authorization)));

    [Theory]
    [InlineData("/bkt/k?AWSAccessKeyId=A&Signature=s&Expires=1")]
    [InlineData("/bkt/k?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Signature=0a&X-Amz-SignedHeaders=host")]
    public void Another_presigned_scheme_cannot_be_repeated(string target) => Assert.Null(Read(target, ("Authorization", null)));

    [Fact]
    public void A_presigned_request_ends_with_its_time()
    {
        ClientProof proof = Read(Presigned, ("Authorization", null))!;

        Assert.Equal(new DateTimeOffset(2026, 11, 21, 12, 1, 0, TimeSpan.Zero), proof.Expires);
        Assert.True(proof.Signs("host"));
    }

    [Fact]
    public void A_request_without_a_signature_is_never_the_same_again() => Assert.Null(Read("/bkt/k", ("Authorization", null), ("x-amz-date", null))!.Expires);

    [Fact]
    public void Only_the_very_same_request_has_the_same_fingerprint()
    {
        string[] others =
        [
            Read("/bkt/k?x-id=GetObject")!.Fingerprint,
            Read("/bkt/K")!.Fingerprint,
            Read("/bkt/k", ("Host", "other"))!.Fingerprint,
            Read("/bkt/k", ("Referer", "r"))!.Fingerprint,
            Read("/bkt/k", ("x-amz-date", "20261121T120001Z"))!.Fingerprint,
            Read("/bkt/k", ("Authorization", Authorization + "b"))!.Fingerprint,
            Read("/bkt/k", "HEAD")!.Fingerprint,
        ];

        string same = Read("/bkt/k")!.Fingerprint;
        Assert.Equal(same, Read("/bkt/k", ("Accept", "text/plain"), ("Range", "bytes=0-1"))!.Fingerprint);
        Assert.DoesNotContain(same, others);
        Assert.Equal(others.Length, others.Distinct().Count());
    }

    private static ClientProof? Read(string target, params (string Name, string? Value)[] headers) => Read(target, "GET", headers);

    private static ClientProof? Read(string target, string method, params (string Name, string? Value)[] headers)
    {
        HeaderDictionary all = new()
        {
            ["Host"] = "proxy:9000",
            ["Authorization"] = Authorization,
            ["x-amz-date"] = "20261121T120000Z",
            ["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD",
        };
        foreach ((string name, string? value) in headers)
        {
            all[name] = value;
        }

        Assert.True(S3RequestParser.TryParse(method, target, all["Host"].ToString(), all, null, out S3Request? request, out _));
        return ClientProof.TryRead(request!, all);
    }
}
