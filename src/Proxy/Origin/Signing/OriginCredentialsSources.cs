using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using S3Proxy.Configuration;

namespace S3Proxy.Origin.Signing;

/// <summary>Makes the source that an origin's configuration names.</summary>
internal static class OriginCredentialsSources
{
    public static IOriginCredentialsSource Create(OriginCredentials credentials, TimeProvider time, ILogger? logger = null) =>
        credentials.Source switch
        {
            OriginCredentialsSource.Anonymous => FixedCredentialsSource.Anonymous,
            OriginCredentialsSource.Static => FixedCredentialsSource.Of(new SigningCredentials(
                credentials.AccessKeyId ?? throw new ArgumentException("Static credentials need an access key id.", nameof(credentials)),
                credentials.SecretAccessKey ?? throw new ArgumentException("Static credentials need a secret access key.", nameof(credentials)),
                credentials.SessionToken)),
            OriginCredentialsSource.AwsChain => AwsChain(time, logger),
            _ => throw new ArgumentOutOfRangeException(nameof(credentials), credentials.Source, "Not a credentials source."),
        };

    /// <summary>The AWS SDK's chain: environment, profile, web identity, container, instance.</summary>
    private static RefreshingCredentialsSource AwsChain(TimeProvider time, ILogger? logger)
    {
        var resolver = new DefaultAWSCredentialsIdentityResolver();
        return new RefreshingCredentialsSource(
            async cancellationToken =>
            {
                AWSCredentials resolved = await resolver.ResolveIdentityAsync(null, cancellationToken);

                // The SDK keeps temporary keys of its own; asking for at least our margin makes it renew them when we do.
                ImmutableCredentials keys = resolved is RefreshingAWSCredentials refreshing
                    ? await refreshing.GetCredentialsAsync(RefreshingCredentialsSource.RefreshMargin)
                    : await resolved.GetCredentialsAsync();
                DateTimeOffset? expiresAt = resolved.Expiration is { } expiry ? new DateTimeOffset(expiry.ToUniversalTime()) : null;
                return new SigningCredentials(keys.AccessKey, keys.SecretKey, keys.UseToken ? keys.Token : null, expiresAt);
            },
            time,
            logger);
    }
}
