namespace S3Proxy.Configuration;

/// <summary>Where the credentials for an origin come from.</summary>
internal enum OriginCredentialsSource
{
    /// <summary>The AWS SDK chain: environment, profile, web identity, container, instance.</summary>
    AwsChain,

    /// <summary>Requests are not signed.</summary>
    Anonymous,

    /// <summary>Fixed keys from the configuration, a file or the environment.</summary>
    Static,
}
