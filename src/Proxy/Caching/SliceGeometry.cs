namespace S3Proxy.Caching;

/// <summary>Where slices begin and end. Immutable; one for the whole process.</summary>
internal readonly struct SliceGeometry
{
    public SliceGeometry(int sliceBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sliceBytes, 1);
        SliceBytes = sliceBytes;
    }

    /// <summary>Bytes of every slice but the last of an object.</summary>
    public int SliceBytes { get; }

    /// <summary>Slice that holds the byte at <paramref name="offset"/>.</summary>
    public int IndexOf(long offset) => checked((int)(offset / SliceBytes));

    /// <summary>First byte of a slice.</summary>
    public long StartOf(int index) => (long)index * SliceBytes;

    /// <summary>Bytes of slice <paramref name="index"/> of an object of <paramref name="sizeBytes"/>.</summary>
    public int LengthOf(int index, long sizeBytes) => (int)Math.Min(SliceBytes, sizeBytes - StartOf(index));

    /// <summary>Last slice of an object of <paramref name="sizeBytes"/>, which is not empty.</summary>
    public int LastOf(long sizeBytes) => IndexOf(sizeBytes - 1);
}
