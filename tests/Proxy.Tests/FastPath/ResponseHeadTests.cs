using System.Text;
using Microsoft.Extensions.Primitives;
using S3Proxy.FastPath;
using S3Proxy.Testing;

namespace S3Proxy.Tests.FastPath;

/// <summary>Heads as they go to the client.</summary>
public sealed class ResponseHeadTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly FieldList _fields = [];

    [Theory]
    [InlineData(200, "OK")]
    [InlineData(206, "Partial Content")]
    [InlineData(304, "Not Modified")]
    public void Status_fields_and_date(int status, string reason)
    {
        _fields["ETag"] = "\"a\"";
        _fields["x-amz-meta-name"] = new StringValues(["\u00e9", "two"]);
        Assert.Equal($"HTTP/1.1 {status} {reason}\r\nETag: \"a\"\r\nx-amz-meta-name: \u00e9\r\nx-amz-meta-name: two\r\nDate: {_time.GetUtcNow():R}\r\n\r\n", Write(status));
    }

    [Fact]
    public void The_date_is_that_of_the_moment()
    {
        ResponseHead head = new(_time);
        string? before = Write(200, head);
        _time.Advance(TimeSpan.FromSeconds(1));
        string? after = Write(200, head);
        Assert.NotEqual(before, after);
        Assert.Contains($"Date: {_time.GetUtcNow():R}\r\n", after, StringComparison.Ordinal);
    }

    /// <summary>A value with a line end in it would become a field, or an answer, of its own.</summary>
    [Theory]
    [InlineData("a\r\nSet-Cookie: b")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("a\0")]
    [InlineData("a\u007f")]
    [InlineData("a\tb")]
    [InlineData("\u0100")]
    public void What_no_head_may_have_is_not_written(string value)
    {
        _fields["Content-Disposition"] = value;
        Assert.Null(Write(200));
    }

    [Fact]
    public void Other_statuses_and_heads_without_room_are_not_written()
    {
        Assert.Null(Write(500));
        _fields["x-amz-meta-a"] = new string('a', 300);
        int bytes = Write(200)!.Length;
        for (int room = 0; room < bytes; room++)
        {
            Assert.False(new ResponseHead(_time).TryWrite(200, _fields, new byte[room], out _));
        }

        Assert.True(new ResponseHead(_time).TryWrite(200, _fields, new byte[bytes], out _));
    }

    private string? Write(int status, ResponseHead? head = null)
    {
        byte[] room = new byte[1024];
        return (head ?? new ResponseHead(_time)).TryWrite(status, _fields, room, out int bytes) ? Encoding.Latin1.GetString(room, 0, bytes) : null;
    }
}
