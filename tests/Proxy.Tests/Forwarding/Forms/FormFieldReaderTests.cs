using S3Proxy.Forwarding.Forms;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Forms;

/// <summary>Requirements S6, R3.</summary>
public sealed class FormFieldReaderTests
{
    private static readonly string Whole =
        FormBodies.Field("key", "a/${filename}") + FormBodies.Field("Content-Type", "") + FormBodies.Field("x-amz-meta-é", "日本\r\n--xBOUNDARY\r\n--")
        + FormBodies.FileHead("C:\\dir\\é \\\"q\\\".txt") + "content";

    [Fact]
    public void Fields_are_the_same_however_the_body_comes_in()
    {
        byte[] body = FormBodies.Bytes(Whole);
        int fileStart = body.Length - "content".Length;
        for (int step = 1; step <= body.Length; step++)
        {
            FormFieldReader reader = new(FormBodies.Boundary);
            for (int end = step; reader.IsReading; end = Math.Min(end + step, body.Length))
            {
                reader.Read(body.AsSpan(0, end));
            }

            Assert.Null(reader.Refusal);
            Assert.Equal(fileStart, reader.FileStart);
            Assert.Equal("C:\\dir\\é \"q\".txt", reader.FileName);
            Assert.Equal(
                [new("key", "a/${filename}"), new("Content-Type", ""), new("x-amz-meta-é", "日本\r\n--xBOUNDARY\r\n--")], reader.Fields);
        }
    }

    [Fact]
    public void Nothing_is_known_of_a_form_that_is_cut_before_its_file()
    {
        byte[] body = FormBodies.Bytes(Whole);
        for (int length = 0; length < body.Length - "content".Length; length++)
        {
            FormFieldReader reader = new(FormBodies.Boundary);
            reader.Read(body.AsSpan(0, length));
            Assert.True(reader.IsReading, $"cut at {length}: {reader.Refusal}");
        }
    }

    [Theory]
    [InlineData("name=key", "key")]
    [InlineData("name = \"key\" ; other=x", "key")]
    [InlineData("NAME=\"key\"", "key")]
    [InlineData("filename*=utf-8''x; name=\"k;e\\\\y=\"", "k;e\\y=")]
    public void Ways_to_write_a_name(string parameters, string name)
    {
        FormFieldReader reader = FormBodies.Read(
            $"--xBOUNDARYx\r\ncontent-type: text/plain\r\nContent-disposition:form-data; {parameters}\r\n\r\nv\r\n" + FormBodies.FileHead());
        Assert.Null(reader.Refusal);
        Assert.Equal([new(name, "v")], reader.Fields);
    }

    [Theory]
    [InlineData("preamble\r\n--xBOUNDARYx\r\n")]
    [InlineData("\r\n--xBOUNDARYx\r\n")]
    [InlineData("--other\r\n")]
    [InlineData("--xBOUNDARYxy\r\n")]
    [InlineData("--xBOUNDARYx \r\n")]
    [InlineData("--xBOUNDARYx\n\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Type: text/plain\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition: form-data\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition: form-data; name=\"a\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition: form-data; name=\"a\"b\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition: form-data; name=a\"b\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition: attachment; name=a\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition : form-data; name=a\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\n")]
    [InlineData("--xBOUNDARYx\r\nContent-Disposition: form-data; name=a\r\n\r\nv\r\n--xBOUNDARYxy\r\n")]
    public void What_two_readers_could_take_differently_is_malformed(string body) =>
        Assert.Equal(S3ErrorCode.MalformedPOSTRequest, FormBodies.Read(body).Refusal?.Code);

    [Fact]
    public void A_value_that_is_no_utf8_is_malformed()
    {
        FormFieldReader reader = new(FormBodies.Boundary);
        reader.Read([.. FormBodies.Bytes("--xBOUNDARYx\r\nContent-Disposition: form-data; name=a\r\n\r\n"), 0xC3, 0x28, .. FormBodies.Bytes("\r\n--xBOUNDARYx\r\n")]);
        Assert.Equal(S3ErrorCode.MalformedPOSTRequest, reader.Refusal?.Code);
    }

    [Fact]
    public void A_form_without_a_file_and_a_field_given_twice()
    {
        S3Error? noFile = FormBodies.Read(FormBodies.Field("key", "a") + "--xBOUNDARYx--\r\n").Refusal;
        Assert.Equal(S3ErrorCode.InvalidArgument, noFile?.Code);
        Assert.Contains("exactly one file", noFile!.Message, StringComparison.Ordinal);

        S3Error? twice = FormBodies.Read(FormBodies.Field("key", "a") + FormBodies.Field("Key", "b") + FormBodies.FileHead()).Refusal;
        Assert.Equal(S3ErrorCode.InvalidArgument, twice?.Code);
    }

    [Fact]
    public void Fields_are_bounded_in_bytes_and_number()
    {
        string head = FormBodies.FileHead();
        int room = FormFieldReader.MaxBytes - FormBodies.Field("a", "").Length - head.Length;
        Assert.Null(FormBodies.Read(FormBodies.Field("a", new string('v', room)) + head).Refusal);
        Assert.Equal(S3ErrorCode.MaxPostPreDataLengthExceededError, FormBodies.Read(FormBodies.Field("a", new string('v', room + 1)) + head).Refusal?.Code);
        Assert.Equal(S3ErrorCode.MaxPostPreDataLengthExceededError, FormBodies.Read("--xBOUNDARYx\r\n" + new string('h', FormFieldReader.MaxBytes)).Refusal?.Code);

        string many = string.Concat(Enumerable.Range(0, FormFieldReader.MaxFields).Select(i => FormBodies.Field($"{i}", "")));
        Assert.Null(FormBodies.Read(many + head).Refusal);
        Assert.Equal(S3ErrorCode.MaxPostPreDataLengthExceededError, FormBodies.Read(many + FormBodies.Field("more", "") + head).Refusal?.Code);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=abc", true)]
    [InlineData("multipart/form-data; boundary=\"a b'()+_,-./:=?\"", true)]
    [InlineData("multipart/form-data", false)]
    [InlineData("multipart/form-data; boundary=", false)]
    [InlineData("multipart/form-data; boundary=\"a \"", false)]
    [InlineData("multipart/form-data; boundary=\"a\\\"b\"", false)]
    [InlineData("multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901", false)]
    [InlineData("nonsense", false)]
    public void Boundaries(string contentType, bool isAllowed) => Assert.Equal(isAllowed, FormBoundary.TryCreate(contentType) is not null);

    /// <summary>Random bytes and cut forms: an answer, never an exception.</summary>
    [Fact]
    public void Garbage_never_throws()
    {
        Random random = new(5);
        byte[] whole = FormBodies.Bytes(Whole);
        for (int i = 0; i < 5_000; i++)
        {
            byte[] body = [.. whole];
            for (int changes = random.Next(1, 6); changes > 0; changes--)
            {
                body[random.Next(body.Length)] = (byte)"\r\n-\"; =x\0é"[random.Next(9)];
            }

            FormFieldReader reader = new(FormBodies.Boundary);
            reader.Read(body.AsSpan(0, random.Next(body.Length)));
            reader.Read(body);
        }
    }
}
