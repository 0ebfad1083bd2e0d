using S3Proxy.Configuration;
using S3Proxy.Protocol;

namespace S3Proxy.Origin.Signing;

/// <summary>Signs requests for any configured origin with that origin's credentials, or leaves them unsigned for an anonymous one. Thread-safe.</summary>
internal sealed class OriginSigning
{
    private readonly OriginRequestSigner _signer = new();
    private readonly PerOrigin<OriginCredentials, IOriginCredentialsSource> _sources;
    private readonly TimeProvider _timeProvider;

    public OriginSigning(TimeProvider timeProvider, ILogger<OriginSigning> logger)
    {
        _timeProvider = timeProvider;
        _sources = new(static origin => origin.Credentials, origin => OriginCredentialsSources.Create(origin.Credentials, timeProvider, logger));
    }

    /// <summary>Has an origin's credentials at hand. Those that are the same as before go on.</summary>
    public void Prepare(OriginConfiguration origin) => _sources.Of(origin);

    /// <summary>Forgets origins that are not configured any more.</summary>
    public void Retain(IReadOnlyDictionary<string, OriginConfiguration> origins) => _sources.Retain(origins);

    /// <summary>Signs the message as it stands; nothing of it may change afterwards.</summary>
    /// <param name="message">The request, complete.</param>
    /// <param name="origin">Where it goes.</param>
    /// <param name="payloadHash">Hexadecimal SHA-256 of the body, or <c>UNSIGNED-PAYLOAD</c>.</param>
    /// <param name="cancellationToken">Ends the wait for credentials.</param>
    /// <exception cref="OriginCredentialsException">There are no valid credentials.</exception>
    public async ValueTask SignAsync(HttpRequestMessage message, OriginConfiguration origin, string payloadHash, CancellationToken cancellationToken)
    {
        if (await _sources.Of(origin).GetAsync(cancellationToken) is { } credentials)
        {
            _signer.Sign(message, origin, credentials, payloadHash, _timeProvider.GetUtcNow());
            return;
        }

        // The client's own proof is not for the origin, and an unsigned request makes no claim about its body.
        message.Headers.Remove("Authorization");
        message.Headers.Remove(S3Headers.Date);
        message.Headers.Remove(S3Headers.SecurityToken);
        message.Headers.Remove(S3Headers.ContentSha256);
    }
}
