using S3Proxy.Caching;

namespace S3Proxy.Fetching;

/// <summary>What a run was doing at one moment. Immutable.</summary>
/// <param name="Version">What it reads.</param>
/// <param name="FirstByte">Object offset at which it began.</param>
/// <param name="DoneBytes">Bytes it has brought.</param>
/// <param name="TotalBytes">Bytes it is to bring, as far as is known; it may end before.</param>
/// <param name="Readers">Who reads it, or has asked for the object and is about to.</param>
/// <param name="IsReadAhead">True when nobody has asked for its bytes yet.</param>
/// <param name="Source">Where its bytes come from; null while that is not decided.</param>
/// <param name="StartedAt">Timestamp of the time provider.</param>
internal sealed record RunStatus(ObjectVersion Version, long FirstByte, long DoneBytes, long TotalBytes, int Readers, bool IsReadAhead, SliceOrigin? Source, long StartedAt);
