namespace S3Proxy.Configuration;

/// <summary>Credentials for an origin. The secret never appears in <see cref="ToString"/>.</summary>
internal sealed record OriginCredentials
{
    public required OriginCredentialsSource Source { get; init; }

    public string? AccessKeyId { get; init; }

    public string? SecretAccessKey { get; init; }

    public string? SessionToken { get; init; }

    public override string ToString() => Source == OriginCredentialsSource.Static ? $"Static({AccessKeyId})" : Source.ToString();
}
