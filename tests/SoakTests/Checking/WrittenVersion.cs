using S3Proxy.Testing.Integrity;

namespace S3Proxy.SoakTests.Checking;

/// <summary>What one write made of an object. Immutable; keeps no bytes.</summary>
/// <param name="Number">Counts the writes of the object from 1.</param>
/// <param name="LengthBytes">Length of the content; 0 for a deletion.</param>
/// <param name="Seed">Of the content.</param>
/// <param name="ETag">Quoted; null when the write is a deletion.</param>
internal sealed record WrittenVersion(int Number, long LengthBytes, ulong Seed, string? ETag)
{
    public bool IsAbsence => ETag is null;

    /// <summary>The bytes, made anew: thousands of versions are remembered.</summary>
    public SyntheticContent Content() => new(LengthBytes, Seed);
}
