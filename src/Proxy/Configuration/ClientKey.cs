namespace S3Proxy.Configuration;

/// <summary>A key the proxy issued to a client. The secret never appears in <see cref="ToString"/>.</summary>
internal sealed record ClientKey
{
    public required string AccessKeyId { get; init; }

    public required string SecretAccessKey { get; init; }

    public required IReadOnlyList<Grant> Grants { get; init; }

    public override string ToString() => $"ClientKey({AccessKeyId})";
}
