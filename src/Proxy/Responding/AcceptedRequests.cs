using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;
using S3Proxy.Protocol.SigV4;

namespace S3Proxy.Responding;

/// <summary>
/// The signed requests that the origin has accepted a short while ago, each by itself: access key ids are public and the proxy cannot check these signatures, so
/// nothing is concluded from one request for another (requirement A3).
/// </summary>
/// <remarks>
/// Thread-safe. An acceptance holds for the version that the origin told this very request of, until a write of the object, the configured time, or the signature's
/// end, whichever comes first; a reload of the configuration ends them all. Bounded; an acceptance that finds no room costs a request.
/// </remarks>
internal sealed class AcceptedRequests(TimeSpan authorisationTtl, ObjectEpochs epochs, TimeProvider timeProvider)
{
    private volatile Remembered _remembered = new(authorisationTtl, new ExpiringMarks<string, Acceptance>(timeProvider));

    /// <summary>Forgets all, and remembers for <paramref name="newTtl"/> from now on.</summary>
    public void Restart(TimeSpan newTtl) => _remembered = new Remembered(newTtl, new ExpiringMarks<string, Acceptance>(timeProvider));

    /// <summary>Remembers that the origin has answered a request with this version.</summary>
    /// <param name="proof">The request.</param>
    /// <param name="version">What the origin's answer spoke of.</param>
    /// <param name="epoch">The object's epoch, taken before the origin was asked.</param>
    public void Add(ClientProof proof, ObjectVersion version, long epoch)
    {
        Remembered remembered = _remembered;
        if (remembered.Ttl > TimeSpan.Zero && proof.Expires is { } expires)
        {
            TimeSpan left = expires - timeProvider.GetUtcNow();
            remembered.Marks.Set(proof.Fingerprint, new Acceptance(version, epoch), left < remembered.Ttl ? left : remembered.Ttl);
        }
    }

    /// <summary>True when the origin need not be asked again whether this request may have this version.</summary>
    public bool Contains(ClientProof proof, ObjectVersion version) =>
        _remembered.Marks.TryGet(proof.Fingerprint, out Acceptance? acceptance) && acceptance.Version.Equals(version) && acceptance.Epoch == epochs.Current(version.Id);

    private sealed record Remembered(TimeSpan Ttl, ExpiringMarks<string, Acceptance> Marks);

    private sealed record Acceptance(ObjectVersion Version, long Epoch);
}
