namespace S3Proxy.Forwarding.Uploads;

/// <summary>What a <see cref="ChunkedDecoder"/> expects next.</summary>
internal enum ChunkedState
{
    /// <summary>The line with a chunk's size.</summary>
    Size,

    /// <summary>Bytes of the object.</summary>
    Data,

    /// <summary>The end of line after a chunk's data.</summary>
    DataEnd,

    /// <summary>A trailer, or the empty line that ends the body.</summary>
    Trailer,

    /// <summary>Nothing.</summary>
    Complete,
}
