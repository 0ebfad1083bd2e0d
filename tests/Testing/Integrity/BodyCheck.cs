using System.Buffers;

namespace S3Proxy.Testing.Integrity;

/// <summary>Reads a body to its end and checks every byte without storing it.</summary>
public static class BodyCheck
{
    private const int BufferBytes = 128 * 1024;

    /// <summary>Checks that <paramref name="body"/> is the whole of <paramref name="content"/>.</summary>
    /// <exception cref="IOException">The body ended in a connection failure.</exception>
    public static Task<BodyCheckResult> VerifyAsync(Stream body, SyntheticContent content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return VerifyAsync(body, content, 0, content.Length, cancellationToken);
    }

    /// <summary>Checks that <paramref name="body"/> is <paramref name="length"/> bytes of <paramref name="content"/> from <paramref name="offset"/> on.</summary>
    public static Task<BodyCheckResult> VerifyAsync(
        Stream body, SyntheticContent content, long offset, long length, CancellationToken cancellationToken = default) =>
        DrainAsync(body, new IntegrityStream(content, offset, length), cancellationToken);

    /// <summary>Checks that <paramref name="body"/> is exactly <paramref name="expected"/>.</summary>
    public static Task<BodyCheckResult> VerifyAsync(Stream body, ReadOnlyMemory<byte> expected, CancellationToken cancellationToken = default) =>
        DrainAsync(body, new IntegrityStream(expected), cancellationToken);

    /// <summary>Reads to the end into <paramref name="sink"/>, whose findings stay readable when the read fails half-way.</summary>
    public static async Task<BodyCheckResult> DrainAsync(Stream body, IntegrityStream sink, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(sink);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int count;
            while ((count = await body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                sink.Write(buffer.AsSpan(0, count));
            }

            return sink.Result;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
