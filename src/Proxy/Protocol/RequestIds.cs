namespace S3Proxy.Protocol;

/// <summary>Makes request ids: 16 upper-case hexadecimal characters, as S3 does. They name a request in logs and are no secret.</summary>
internal static class RequestIds
{
    private const int Length = 16;

    /// <summary>A fresh id. Thread-safe; allocates the string and nothing else.</summary>
    public static string Next() => string.Create(Length, 0, static (text, _) =>
    {
        Span<byte> bytes = stackalloc byte[Length / 2];
        Random.Shared.NextBytes(bytes);
        Convert.TryToHexString(bytes, text, out _);
    });
}
