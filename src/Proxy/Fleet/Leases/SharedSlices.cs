using S3Proxy.Caching;
using S3Proxy.Caching.Redis;
using S3Proxy.Coalescing;

namespace S3Proxy.Fleet.Leases;

/// <summary>The slices that replicas share through Redis, as runs use them. Thread-safe.</summary>
internal sealed class SharedSlices(IRedis redis, RedisKeys keys, SliceGeometry geometry, long maxItemBytes, TimeSpan timeToLive)
{
    /// <summary>True when the slices of a version are small enough to be shared.</summary>
    public bool MayHold(ObjectVersion version) => version.SizeBytes > 0 && Math.Min(geometry.SliceBytes, version.SizeBytes) <= maxItemBytes;

    /// <summary>Writes a part of a slice behind what is there.</summary>
    /// <exception cref="RedisUnavailableException">It may have been written.</exception>
    public async ValueTask AppendAsync(ObjectVersion version, string versionTag, int index, int offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        await redis.AppendAsync(keys.Slice(versionTag, index), SliceFrames.Encode(RedisKeys.Identity(version, geometry.SliceBytes), index, offset, bytes.Span), timeToLive, cancellationToken);

    /// <summary>Has a complete slice written, and <paramref name="onEnd"/> called when it is, or was dropped. Never waits.</summary>
    public void Store(ObjectVersion version, string versionTag, int index, SharedBody body, Action onEnd)
    {
        _ = StoreAsync(version, versionTag, index, body, onEnd);
    }

    private async Task StoreAsync(ObjectVersion version, string versionTag, int index, SharedBody body, Action onEnd)
    {
        try
        {
            if (!body.TryAddReference())
            {
                return;
            }

            byte[] all = new byte[body.Length];
            try
            {
                for (int o = 0; o < body.Length;) { var m = body.Peek(o); m.CopyTo(all.AsMemory(o)); o += m.Length; }
            }
            finally { body.Release(); }
            await redis.SetAsync(keys.Slice(versionTag, index), SliceFrames.Encode(RedisKeys.Identity(version, geometry.SliceBytes), index, 0, all), timeToLive, CancellationToken.None);
        }
        catch (RedisUnavailableException) { }
        finally { onEnd(); }
    }
}

internal static class SliceFrames
{
    public const int HeaderBytes = 52;
    public static byte[] Encode(byte[] identity, int index, int offset, ReadOnlySpan<byte> bytes)
    {
        byte[] f = new byte[HeaderBytes + bytes.Length];
        "S3F1"u8.CopyTo(f); identity.CopyTo(f, 4);
        BitConverter.TryWriteBytes(f.AsSpan(36), index); BitConverter.TryWriteBytes(f.AsSpan(40), offset); BitConverter.TryWriteBytes(f.AsSpan(44), bytes.Length);
        uint sum = 0; foreach (byte b in bytes)
        {
            sum = (sum * 31) + b;
        }

        BitConverter.TryWriteBytes(f.AsSpan(48), sum);
        bytes.CopyTo(f.AsSpan(HeaderBytes));
        return f;
    }
}

internal sealed class SliceFrameReader(byte[] identity, int index, int length)
{
    private readonly byte[] _body = new byte[length];
    private byte[] _rest = [];
    public int Available { get; private set; }
    public long ConsumedBytes { get; private set; }
    public bool IsBroken { get; private set; }
    public void Append(ReadOnlySpan<byte> bytes)
    {
        ConsumedBytes += bytes.Length;
        _rest = [.. _rest, .. bytes];
        while (_rest.Length >= SliceFrames.HeaderBytes && !IsBroken)
        {
            if (!_rest.AsSpan(0, 4).SequenceEqual("S3F1"u8) || !_rest.AsSpan(4, 32).SequenceEqual(identity) || BitConverter.ToInt32(_rest, 36) != index) { IsBroken = true; return; }
            int o = BitConverter.ToInt32(_rest, 40), n = BitConverter.ToInt32(_rest, 44);
            if (_rest.Length < SliceFrames.HeaderBytes + n)
            {
                return;
            }

            uint sum = 0; foreach (byte b in _rest.AsSpan(SliceFrames.HeaderBytes, n))
            {
                sum = (sum * 31) + b;
            }

            if (sum != BitConverter.ToUInt32(_rest, 48)) { IsBroken = true; return; }
            if (o <= Available && o + n > Available) { _rest.AsSpan(SliceFrames.HeaderBytes, n).CopyTo(_body.AsSpan(o)); Available = o + n; }
            _rest = _rest[(SliceFrames.HeaderBytes + n)..];
        }
    }
    public int Read(int start, Span<byte> buffer)
    {
        int n = Math.Min(buffer.Length, Available - start);
        if (n <= 0)
        {
            return 0;
        }

        _body.AsSpan(start, n).CopyTo(buffer);
        return n;
    }
}

internal static class MetadataRecord
{
    private sealed record Dto(string O, string B, string K, string E, string? V, long S, string[][] H, string[][] C, bool KC, DateTimeOffset? LM);
    public static byte[] Write(ObjectMetadata m) => System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Dto(m.Version.Id.Origin, m.Version.Id.Bucket, m.Version.Id.Key, m.Version.ETag, m.Version.VersionId, m.Version.SizeBytes,
        [.. m.Headers.Select(h => new[] { h.Name, h.Value.ToString() })], [.. m.Checksums.Select(h => new[] { h.Name, h.Value.ToString() })], m.KnowsChecksums, m.LastModified));
    public static bool TryRead(byte[] record, ObjectId id, long askedAt, out ObjectMetadata? metadata)
    {
        Dto d = System.Text.Json.JsonSerializer.Deserialize<Dto>(record)!;
        metadata = new ObjectMetadata { Version = new ObjectVersion(id, d.E, d.V, d.S), Headers = [.. d.H.Select(h => new HeaderField(h[0], h[1]))], Checksums = [.. d.C.Select(h => new HeaderField(h[0], h[1]))], KnowsChecksums = d.KC, LastModified = d.LM, AskedAt = askedAt };
        return true;
    }
}
