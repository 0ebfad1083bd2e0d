namespace S3Proxy.Coalescing;

/// <summary>A piece of pooled memory that a body writes to. Its one owner is the body, which gives it back through <see cref="Source"/>.</summary>
/// <param name="Memory">Where to write; at least one byte.</param>
/// <param name="Source">Who takes the segment back.</param>
/// <param name="Token">Whatever <paramref name="Source"/> needs to find it again.</param>
public readonly record struct BodySegment(Memory<byte> Memory, ISegmentPool Source, object? Token);
