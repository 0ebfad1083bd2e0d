using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using S3Proxy.Auth;
using S3Proxy.Forwarding.Uploads;
using S3Proxy.Protocol;
using S3Proxy.Protocol.SigV4;
using S3Proxy.Testing.Uploads;
using S3Proxy.Tests.Auth;

namespace S3Proxy.Tests.Forwarding.Uploads;

/// <summary>The published examples of aws-chunked bodies, and ways to decode a body.</summary>
internal static class ChunkedBodies
{
    public const string PayloadSeed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    public const string TrailerSeed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
    public const int ExampleBytes = 66560;

    /// <summary>S3 API Reference, "Signature calculations: transferring payload in multiple chunks".</summary>
    public static byte[] PayloadExample { get; } = Example(
        "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
        "");

    /// <summary>S3 API Reference, "Signature calculations: including trailing headers".</summary>
    public static byte[] TrailerExample { get; } = Example(
        "b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2",
        "1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7",
        "2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992",
        "x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n");

    public static AwsChunkSigning Signing(string seed) => new(AuthTestData.SecretAccessKey, AuthTestData.Timestamp, "us-east-1", seed);

    public static ChunkSignatureChain Chain(string seed) => new(new ChunkSigningContext(
        SigV4Signature.DeriveKey(AuthTestData.SecretAccessKey, AuthTestData.Timestamp.AsSpan(0, 8), "us-east-1"),
        AuthTestData.Timestamp,
        "20130524/us-east-1/s3/aws4_request",
        seed));

    /// <summary>Decodes a body that comes in pieces; the refusal is null when all of it is right.</summary>
    /// <param name="decoder">Disposed at the end.</param>
    /// <param name="body">What the client sends.</param>
    /// <param name="pieceBytes">Bytes given at once.</param>
    /// <param name="roomBytes">Bytes asked for at once.</param>
    public static (byte[] Data, S3Error? Refusal) Decode(UploadDecoder decoder, byte[] body, int pieceBytes = int.MaxValue, int roomBytes = 64 * 1024)
    {
        using (decoder)
        {
            ArrayBufferWriter<byte> data = new();
            byte[] room = new byte[roomBytes];
            int position = 0;
            while (position < body.Length && decoder.Refusal is null)
            {
                int piece = Math.Min(pieceBytes, body.Length - position);
                (int consumed, int written) = decoder.Decode(body.AsSpan(position, piece), room);
                Assert.True(consumed > 0 || decoder.Refusal is not null, "the decoder hangs");
                position += consumed;
                data.Write(room.AsSpan(0, written));
            }

            decoder.End();
            return (data.WrittenSpan.ToArray(), decoder.Refusal);
        }
    }

    /// <summary>Reads a body through <see cref="VerifiedBodyStream"/> that comes in pieces; gives what was read before the end or the refusal.</summary>
    public static async Task<(byte[] Data, S3Error? Refusal)> ReadAsync(UploadDecoder decoder, byte[] body, int pieceBytes, int roomBytes)
    {
        Pipe pipe = new(new PipeOptions(useSynchronizationContext: false, pauseWriterThreshold: 0));
        Task write = WriteAsync(pipe.Writer, body, pieceBytes);
        await using VerifiedBodyStream stream = new(pipe.Reader, decoder);
        using MemoryStream data = new();
        byte[] room = new byte[roomBytes];
        S3Error? refusal = null;
        try
        {
            int read;
            while ((read = await stream.ReadAsync(room)) > 0)
            {
                data.Write(room, 0, read);
            }
        }
        catch (UploadRefusedException refused)
        {
            refusal = refused.Error;
        }

        await write;
        return (data.ToArray(), refusal);
    }

    /// <summary>A body that has arrived whole.</summary>
    public static async Task<VerifiedBodyStream> OpenAsync(byte[] body, UploadDecoder decoder)
    {
        Pipe pipe = new(new PipeOptions(useSynchronizationContext: false, pauseWriterThreshold: 0));
        await WriteAsync(pipe.Writer, body, int.MaxValue);
        return new VerifiedBodyStream(pipe.Reader, decoder);
    }

    private static async Task WriteAsync(PipeWriter writer, byte[] body, int pieceBytes)
    {
        for (int position = 0; position < body.Length; position += pieceBytes)
        {
            await writer.WriteAsync(body.AsMemory(position, Math.Min(pieceBytes, body.Length - position)));
        }

        await writer.CompleteAsync();
    }

    private static byte[] Example(string first, string second, string last, string trailers) => Encoding.ASCII.GetBytes(
        $"10000;chunk-signature={first}\r\n{new string('a', 65536)}\r\n400;chunk-signature={second}\r\n{new string('a', 1024)}\r\n"
        + $"0;chunk-signature={last}\r\n{trailers}\r\n");
}
