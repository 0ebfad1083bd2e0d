using System.Collections.Concurrent;

namespace S3Proxy.Protocol.SigV4;

/// <summary>
/// Derived signing keys by credential scope (<c>accessKeyId/date/region/s3/aws4_request</c>). An entry remembers the secret it came from,
/// so a rotated secret is never answered from an old entry. Bounded: a full cache is emptied and fills again, a few microseconds an entry.
/// Thread-safe.
/// </summary>
/// <remarks>Only keys of verified or own signatures are stored, so that nobody without a secret can push others out.</remarks>
internal sealed class SigningKeyCache(int capacity = SigningKeyCache.DefaultCapacity)
{
    /// <summary>Scopes kept: one per key, day and region in use.</summary>
    public const int DefaultCapacity = 1024;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private int _count;

    /// <summary>The key for a scope, from the cache or freshly derived.</summary>
    /// <param name="credential">The whole credential, access key id first.</param>
    /// <param name="secretAccessKey">The secret it must come from.</param>
    /// <param name="date">The scope's date.</param>
    /// <param name="region">The scope's region.</param>
    /// <param name="isCached">False when it was derived; then <see cref="Store"/> may keep it.</param>
    public byte[] GetOrDerive(
        ReadOnlySpan<char> credential, string secretAccessKey, ReadOnlySpan<char> date, ReadOnlySpan<char> region, out bool isCached)
    {
        isCached = _entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(credential, out Entry? entry)
            && string.Equals(entry.SecretAccessKey, secretAccessKey, StringComparison.Ordinal);
        return isCached ? entry!.Key : SigV4Signature.DeriveKey(secretAccessKey, date, region);
    }

    public void Store(ReadOnlySpan<char> credential, string secretAccessKey, byte[] key)
    {
        if (Interlocked.Increment(ref _count) > capacity)
        {
            _entries.Clear();
            Interlocked.Exchange(ref _count, 1);
        }

        _entries[credential.ToString()] = new Entry(secretAccessKey, key);
    }

    private sealed record Entry(string SecretAccessKey, byte[] Key)
    {
        public override string ToString() => nameof(Entry);
    }
}
