namespace S3Proxy.Responding;

/// <summary>What a read comes to once the version is known: a status and, for 200 and 206 of a GET, the bytes to send.</summary>
/// <param name="Status">200, 206, 304, 412 or 416.</param>
/// <param name="First">Object offset of the first byte.</param>
/// <param name="Length">Bytes of the body a GET has; what Content-Length tells.</param>
internal readonly record struct ResponsePlan(int Status, long First, long Length)
{
    /// <summary>Object offset of the last byte; meaningful when there is one.</summary>
    public long Last => First + Length - 1;
}
