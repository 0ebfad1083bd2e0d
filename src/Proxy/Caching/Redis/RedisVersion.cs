namespace S3Proxy.Caching.Redis;

/// <summary>A version as Redis knows it. Made once for a run: the hashes cost a microsecond. Immutable.</summary>
internal sealed class RedisVersion
{
    public RedisVersion(ObjectVersion version, int sliceBytes)
    {
        Version = version;
        SliceBytes = sliceBytes;
        Identity = RedisKeys.Identity(version, sliceBytes);
        Tag = RedisKeys.Tag(Identity);
    }

    public ObjectVersion Version { get; }

    /// <summary>Bytes of each slice but the last.</summary>
    public int SliceBytes { get; }

    /// <summary>32 bytes that no other version has, or this one cut otherwise. Not to be changed.</summary>
    public byte[] Identity { get; }

    /// <summary>Its part of keys.</summary>
    public string Tag { get; }

    /// <summary>Bytes of one slice.</summary>
    public int LengthOf(int index) => (int)Math.Min(SliceBytes, Version.SizeBytes - ((long)index * SliceBytes));
}
