namespace S3Proxy.Origin.Signing;

/// <summary>Where the keys for one origin come from (requirement A4). Implementations are thread-safe.</summary>
internal interface IOriginCredentialsSource
{
    /// <summary>
    /// The keys to sign with now; null when requests are not to be signed. Completes synchronously while valid keys are at hand.
    /// </summary>
    /// <param name="cancellationToken">Ends this caller's wait only.</param>
    /// <exception cref="OriginCredentialsException">No valid keys could be had.</exception>
    ValueTask<SigningCredentials?> GetAsync(CancellationToken cancellationToken);
}
