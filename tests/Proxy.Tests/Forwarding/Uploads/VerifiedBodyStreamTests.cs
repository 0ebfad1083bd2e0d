using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using S3Proxy.Forwarding.Uploads;
using S3Proxy.Protocol;
using S3Proxy.Testing.Uploads;

namespace S3Proxy.Tests.Forwarding.Uploads;

/// <summary>Requirement S7: the last byte is given only when everything is verified.</summary>
public sealed class VerifiedBodyStreamTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 64)]
    [InlineData(64, 1)]
    [InlineData(64, 2)]
    [InlineData(100_000, 100_000)]
    public async Task A_right_body_is_read_whole(int pieceBytes, int roomBytes)
    {
        (byte[] data, S3Error? refusal) = await ChunkedBodies.ReadAsync(NewExample(), ChunkedBodies.PayloadExample, pieceBytes, roomBytes);

        Assert.Null(refusal);
        Assert.Equal(new string('a', ChunkedBodies.ExampleBytes), Encoding.ASCII.GetString(data));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 64)]
    [InlineData(64, 1)]
    [InlineData(64, 2)]
    [InlineData(100_000, 100_000)]
    public async Task A_body_that_is_wrong_at_its_end_lacks_its_last_byte(int pieceBytes, int roomBytes)
    {
        byte[] body = (byte[])ChunkedBodies.PayloadExample.Clone();
        body[^5] ^= 1;

        (byte[] data, S3Error? refusal) = await ChunkedBodies.ReadAsync(NewExample(), body, pieceBytes, roomBytes);

        Assert.Equal(S3ErrorCode.SignatureDoesNotMatch, refusal?.Code);
        Assert.True(data.Length < ChunkedBodies.ExampleBytes, $"{data.Length} bytes came");
    }

    [Fact]
    public async Task The_last_byte_waits_for_the_end_and_the_others_do_not()
    {
        Pipe pipe = new();
        await using VerifiedBodyStream stream = new(pipe.Reader, new ChunkedDecoder(5, null, null));
        byte[] room = new byte[16];
        await pipe.Writer.WriteAsync("5\r\nhello\r\n0\r\n"u8.ToArray());
        Assert.Equal(4, await stream.ReadAsync(room));

        ValueTask<int> last = stream.ReadAsync(room);
        Assert.False(last.IsCompleted);
        await pipe.Writer.WriteAsync("\r\n"u8.ToArray());
        Assert.False(last.IsCompleted);
        await pipe.Writer.CompleteAsync();

        Assert.Equal(1, await last);
        Assert.Equal((byte)'o', room[0]);
        Assert.Equal(0, await stream.ReadAsync(room));
    }

    [Fact]
    public async Task The_source_is_read_no_further_than_asked()
    {
        Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 100, resumeWriterThreshold: 50, useSynchronizationContext: false));
        ValueTask<FlushResult> write = pipe.Writer.WriteAsync(ChunkedBodies.PayloadExample);
        await using VerifiedBodyStream stream = new(pipe.Reader, NewExample());
        await stream.ReadExactlyAsync(new byte[60_000]);
        Assert.False(write.IsCompleted, "the writer was let go on before its bytes were wanted");

        await stream.ReadExactlyAsync(new byte[ChunkedBodies.ExampleBytes - 60_001]);
        await write;
    }

    [Fact]
    public async Task A_refused_body_is_refused_each_time_it_is_read()
    {
        Pipe pipe = new();
        await pipe.Writer.WriteAsync("x\r\n"u8.ToArray());
        await using VerifiedBodyStream stream = new(pipe.Reader, new ChunkedDecoder(5, null, null));

        await Assert.ThrowsAsync<UploadRefusedException>(async () => await stream.ReadExactlyAsync(new byte[16]));
        await Assert.ThrowsAsync<UploadRefusedException>(async () => await stream.ReadExactlyAsync(new byte[16]));
        Assert.Equal(S3ErrorCode.IncompleteBody, stream.Refusal?.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("hello")]
    public async Task A_plain_body_is_held_to_its_hash(string text)
    {
        byte[] body = Encoding.ASCII.GetBytes(text);
        string right = Convert.ToHexString(SHA256.HashData(body));
        (byte[] data, S3Error? refusal) = await ChunkedBodies.ReadAsync(new PlainDecoder(right), body, 2, 1);
        Assert.Null(refusal);
        Assert.Equal(body, data);

        (data, refusal) = await ChunkedBodies.ReadAsync(new PlainDecoder(new string('0', 64)), body, 2, 3);
        Assert.Equal(S3ErrorCode.XAmzContentSHA256Mismatch, refusal?.Code);
        Assert.True(body.Length == 0 || data.Length < body.Length);
    }

    [Fact]
    public async Task An_empty_object_is_verified_before_the_end_is_told()
    {
        byte[] body = AwsChunkedEncoder.Encode(ChunkedBodies.Signing(ChunkedBodies.PayloadSeed), [], 1);
        Assert.Null((await ChunkedBodies.ReadAsync(NewEmpty(), body, 1, 16)).Refusal);
        body[5] ^= 1;
        Assert.NotNull((await ChunkedBodies.ReadAsync(NewEmpty(), body, 1, 16)).Refusal);

        static ChunkedDecoder NewEmpty() => new(0, ChunkedBodies.Chain(ChunkedBodies.PayloadSeed), null);
    }

    [Fact]
    public async Task A_source_that_breaks_breaks_the_reader()
    {
        Pipe pipe = new();
        await pipe.Writer.WriteAsync("5\r\nhel"u8.ToArray());
        await pipe.Writer.CompleteAsync(new IOException("gone"));
        await using VerifiedBodyStream stream = new(pipe.Reader, new ChunkedDecoder(5, null, null));

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (await stream.ReadAsync(new byte[16]) > 0)
            {
            }
        });
    }

    private static ChunkedDecoder NewExample() => new(ChunkedBodies.ExampleBytes, ChunkedBodies.Chain(ChunkedBodies.PayloadSeed), null);
}
