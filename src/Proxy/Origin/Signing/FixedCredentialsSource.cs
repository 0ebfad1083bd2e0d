namespace S3Proxy.Origin.Signing;

/// <summary>Keys that never change: those of the configuration, or none at all for an origin that is read anonymously.</summary>
internal sealed class FixedCredentialsSource : IOriginCredentialsSource
{
    private readonly SigningCredentials? _credentials;

    private FixedCredentialsSource(SigningCredentials? credentials) => _credentials = credentials;

    /// <summary>Requests are not signed.</summary>
    public static FixedCredentialsSource Anonymous { get; } = new(null);

    public static FixedCredentialsSource Of(SigningCredentials credentials) => new(credentials);

    public ValueTask<SigningCredentials?> GetAsync(CancellationToken cancellationToken) => new(_credentials);
}
