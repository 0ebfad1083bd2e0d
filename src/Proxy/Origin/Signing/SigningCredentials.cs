namespace S3Proxy.Origin.Signing;

/// <summary>Keys that sign origin requests. The secret and the token never appear in <see cref="ToString"/>.</summary>
/// <param name="AccessKeyId">Public id of the key.</param>
/// <param name="SecretAccessKey">The secret.</param>
/// <param name="SessionToken">Token of temporary credentials; null for long-lived ones.</param>
/// <param name="ExpiresAt">When they cease to work; null for never.</param>
internal sealed record SigningCredentials(
    string AccessKeyId, string SecretAccessKey, string? SessionToken = null, DateTimeOffset? ExpiresAt = null)
{
    public override string ToString() => $"SigningCredentials({AccessKeyId})";
}
