using System.Collections.Concurrent;
using S3Proxy.Configuration;
using S3Proxy.Protocol;

namespace S3Proxy.Origin.Signing;

/// <summary>Signs requests for any configured origin with that origin's credentials, or leaves them unsigned for an anonymous one. Thread-safe.</summary>
internal sealed class OriginSigning(TimeProvider timeProvider, ILogger<OriginSigning> logger)
{
    private readonly OriginRequestSigner _signer = new();
    private readonly ConcurrentDictionary<string, IOriginCredentialsSource> _sources = new(StringComparer.Ordinal);

    /// <summary>Signs the message as it stands; nothing of it may change afterwards.</summary>
    /// <param name="message">The request, complete.</param>
    /// <param name="origin">Where it goes.</param>
    /// <param name="payloadHash">Hexadecimal SHA-256 of the body, or <c>UNSIGNED-PAYLOAD</c>.</param>
    /// <param name="cancellationToken">Ends the wait for credentials.</param>
    /// <exception cref="OriginCredentialsException">There are no valid credentials.</exception>
    public async ValueTask SignAsync(HttpRequestMessage message, OriginConfiguration origin, string payloadHash, CancellationToken cancellationToken)
    {
        IOriginCredentialsSource source = _sources.GetOrAdd(origin.Name, static (_, make) => make.Signing.NewSource(make.Origin), (Signing: this, Origin: origin));
        if (await source.GetAsync(cancellationToken) is { } credentials)
        {
            _signer.Sign(message, origin, credentials, payloadHash, timeProvider.GetUtcNow());
            return;
        }

        // The client's own proof is not for the origin, and an unsigned request makes no claim about its body.
        message.Headers.Remove("Authorization");
        message.Headers.Remove(S3Headers.Date);
        message.Headers.Remove(S3Headers.SecurityToken);
        message.Headers.Remove(S3Headers.ContentSha256);
    }

    private IOriginCredentialsSource NewSource(OriginConfiguration origin) => OriginCredentialsSources.Create(origin.Credentials, timeProvider, logger);
}
