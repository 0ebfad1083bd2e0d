namespace S3Proxy.Testing.Uploads;

/// <summary>With what the chunks of an upload are signed.</summary>
/// <param name="SecretAccessKey">The client's secret.</param>
/// <param name="Timestamp">Time stamp of the request, such as <c>20130524T000000Z</c>.</param>
/// <param name="Region">Region of the scope.</param>
/// <param name="SeedSignature">The request's own signature.</param>
public sealed record AwsChunkSigning(string SecretAccessKey, string Timestamp, string Region, string SeedSignature)
{
    internal string Scope => $"{Timestamp[..8]}/{Region}/s3/aws4_request";
}
