using Amazon.Runtime;
using Amazon.S3;

namespace S3Proxy.FunctionalTests;

/// <summary>Clients of the AWS SDK for .NET whose uploads are not in aws-chunked encoding unless a request asks for it.</summary>
internal static class SdkClients
{
    public static AmazonS3Client Create(Uri endpoint, string accessKeyId = TestProxy.ClientKeyId, string secretAccessKey = TestProxy.ClientSecret) => new(
        new BasicAWSCredentials(accessKeyId, secretAccessKey),
        new AmazonS3Config
        {
            ServiceURL = endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            MaxErrorRetry = 0,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });
}
