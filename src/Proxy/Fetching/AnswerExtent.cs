namespace S3Proxy.Fetching;

/// <summary>Which bytes of which version an answer carries, once checked.</summary>
/// <param name="ETag">Strong entity tag, with quotes.</param>
/// <param name="First">Object offset of the first body byte.</param>
/// <param name="Length">Bytes of the body.</param>
/// <param name="SizeBytes">Bytes of the whole object.</param>
internal readonly record struct AnswerExtent(string ETag, long First, long Length, long SizeBytes);
