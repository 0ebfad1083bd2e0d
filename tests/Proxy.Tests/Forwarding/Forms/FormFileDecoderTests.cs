using System.IO.Pipelines;
using Microsoft.AspNetCore.WebUtilities;
using S3Proxy.Forwarding.Forms;
using S3Proxy.Forwarding.Uploads;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Forms;

/// <summary>The file is what stands before the closing boundary, or the form is refused before its last byte is given. Requirements S6, R3.</summary>
public sealed class FormFileDecoderTests
{
    public static TheoryData<string> Contents =>
    [
        "", "x", "content", "\r\n", "\r", "\n", "--", "\r\n--", "\r\n--xBOUNDAR", "\r\n--xBOUNDARY", "a\r\n-xBOUNDARYx", "\r\r\n--xBOUNDARY\r\n", "--xBOUNDARY--", "\n--xBOUNDARYx",
        "x--xBOUNDARYx--\r\n", "\r\n\r\n--\r\n-", "日本",
    ];

    [Theory]
    [MemberData(nameof(Contents))]
    public async Task The_content_comes_out_however_the_body_is_split(string content)
    {
        foreach (bool lineEnd in (bool[])[true, false])
        {
            byte[] body = FormBodies.Bytes(content + FormBodies.Ending(lineEnd));
            long fileBytes = body.Length - FormBodies.Ending(lineEnd).Length;
            for (int split = 0; split <= body.Length; split++)
            {
                (byte[] given, S3Error? refusal) = await DecodeAsync(body, split, fileBytes, lineEnd);
                Assert.Null(refusal);
                Assert.Equal(content, System.Text.Encoding.UTF8.GetString(given));
            }
        }
    }

    [Theory]
    [InlineData("content\r\n--xBOUNDARYx--")]
    [InlineData("content\r\n--xBOUNDARYx--\r\nepilogue")]
    [InlineData("content\r\n--xBOUNDARYx--\r\n\r\n")]
    [InlineData("content\r\n--xBOUNDARYx\r\nContent-Disposition: form-data; name=\"late\"\r\n\r\nfield\r\n--xBOUNDARYx--\r\n")]
    [InlineData("content\r\n--xBOUNDARYx-\r\n")]
    [InlineData("content\r\n--xBOUNDARYy--\r\n")]
    [InlineData("content, and no boundary at all follows")]
    [InlineData("--xBOUNDARYx in the content\r\n--xBOUNDARYx--\r\n")]
    [InlineData("a\r\n--xBOUNDARYx in the content\r\n--xBOUNDARYx--\r\n")]
    public async Task A_form_that_ends_otherwise_is_refused_with_a_byte_withheld(string body)
    {
        byte[] bytes = FormBodies.Bytes(body);
        long fileBytes = bytes.Length - FormBodies.Ending().Length;
        for (int split = 0; split <= bytes.Length; split++)
        {
            (byte[] given, S3Error? refusal) = await DecodeAsync(bytes, split, fileBytes, lineEnd: true);
            Assert.Equal(S3ErrorCode.MalformedPOSTRequest, refusal?.Code);
            Assert.True(given.Length < fileBytes, "every byte was given");
        }
    }

    [Fact]
    public async Task A_form_that_is_cut_is_refused_with_a_byte_withheld()
    {
        byte[] bytes = FormBodies.Bytes("content" + FormBodies.Ending());
        for (int length = 0; length < bytes.Length; length++)
        {
            (byte[] given, S3Error? refusal) = await DecodeAsync(bytes[..length], length / 2, "content".Length, lineEnd: true);
            Assert.Equal(S3ErrorCode.IncompleteBody, refusal?.Code);
            Assert.True(given.Length < "content".Length, "every byte was given");
        }
    }

    /// <summary>What is accepted, an independent reader of forms takes for the same content.</summary>
    [Fact]
    public async Task Whatever_is_accepted_another_reader_reads_the_same()
    {
        const int Seed = 31;
        const int Cases = 20_000;
        Random random = new(Seed);
        string[] pieces = ["\r", "\n", "\r\n", "-", "--", "xBOUNDARY", "xBOUNDARYx", "\r\n--xBOUNDARYx", "--xBOUNDARYx--", "x", "é"];
        int accepted = 0;
        for (int i = 0; i < Cases; i++)
        {
            string content = string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => pieces[random.Next(pieces.Length)]));
            byte[] body = FormBodies.Bytes(content + FormBodies.Ending());
            (byte[] given, S3Error? refusal) = await DecodeAsync(body, random.Next(body.Length), body.Length - FormBodies.Ending().Length, lineEnd: true);
            if (refusal is not null)
            {
                continue;
            }

            accepted++;
            using MemoryStream whole = new([.. FormBodies.Bytes(FormBodies.FileHead()), .. body]);
            MultipartSection? section = await new MultipartReader(FormBodies.BoundaryText, whole).ReadNextSectionAsync();
            using MemoryStream read = new();
            await section!.Body.CopyToAsync(read);
            Assert.True(given.AsSpan().SequenceEqual(read.ToArray()), $"case {i} of seed {Seed}: {Uri.EscapeDataString(content)}");
        }

        Assert.InRange(accepted, Cases / 10, Cases - 1);
    }

    private static async Task<(byte[] Given, S3Error? Refusal)> DecodeAsync(byte[] body, int split, long fileBytes, bool lineEnd)
    {
        Pipe pipe = new();
        using VerifiedBodyStream stream = new(pipe.Reader, new FormFileDecoder(FormBodies.Boundary, fileBytes, lineEnd));
        using MemoryStream given = new();
        byte[] buffer = new byte[7];
        Task writing = WriteAsync();
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer)) > 0;)
            {
                given.Write(buffer, 0, read);
            }
        }
        catch (UploadRefusedException refused)
        {
            return (given.ToArray(), refused.Error);
        }
        finally
        {
            await writing;
        }

        return (given.ToArray(), null);

        async Task WriteAsync()
        {
            await pipe.Writer.WriteAsync(body.AsMemory(0, split));
            await Task.Yield();
            await pipe.Writer.WriteAsync(body.AsMemory(split));
            await pipe.Writer.CompleteAsync();
        }
    }
}
