namespace S3Proxy.Limiting;

/// <summary>Whose limit it is.</summary>
internal enum LimitScope : byte
{
    /// <summary>That of an access key.</summary>
    Key,

    /// <summary>That of a client address.</summary>
    Address,
}
