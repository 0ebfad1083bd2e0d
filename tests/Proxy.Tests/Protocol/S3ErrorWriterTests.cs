using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class S3ErrorWriterTests
{
    [Fact]
    public async Task Writes_the_body_with_details_and_a_fresh_request_id()
    {
        DefaultHttpContext context = NewContext("GET");
        var error = new S3Error(S3ErrorCode.InvalidRange, "The requested range is not satisfiable") { Details = [new("ActualObjectSize", "10")] };

        await S3ErrorWriter.WriteAsync(context, error, "/bucket/key");

        string requestId = context.Response.Headers["x-amz-request-id"].ToString();
        Assert.Matches("^[0-9A-F]{16}$", requestId);
        Assert.Equal(416, context.Response.StatusCode);
        Assert.Equal("application/xml", context.Response.ContentType);
        Assert.Equal(context.Response.Body.Length, context.Response.ContentLength);
        Assert.False(context.Response.Headers.ContainsKey("Connection"));
        XElement xml = Body(context);
        Assert.Equal("Error", xml.Name.LocalName);
        Assert.Equal(
            ["Code=InvalidRange", "Message=The requested range is not satisfiable", "Resource=/bucket/key", $"RequestId={requestId}", "ActualObjectSize=10"],
            xml.Elements().Select(e => $"{e.Name.LocalName}={e.Value}"));
    }

    [Fact]
    public async Task Head_has_the_status_and_no_body()
    {
        DefaultHttpContext context = NewContext("HEAD");

        await S3ErrorWriter.WriteAsync(context, new S3Error(S3ErrorCode.NoSuchKey, "gone"), "/bucket/key");

        Assert.Equal(404, context.Response.StatusCode);
        Assert.Equal(0, context.Response.Body.Length);
        Assert.Matches("^[0-9A-F]{16}$", context.Response.Headers["x-amz-request-id"].ToString());
    }

    [Fact]
    public async Task Keeps_a_request_id_that_was_set_before()
    {
        DefaultHttpContext context = NewContext("GET");
        context.Response.Headers["x-amz-request-id"] = "0123456789ABCDEF";

        await S3ErrorWriter.WriteAsync(context, new S3Error(S3ErrorCode.NoSuchKey, "gone"), "/b/k");

        Assert.Equal("0123456789ABCDEF", context.Response.Headers["x-amz-request-id"].ToString());
        Assert.Equal("0123456789ABCDEF", Body(context).Element("RequestId")!.Value);
    }

    [Theory]
    [InlineData("<&>\"'")]
    [InlineData("é😀")]
    [InlineData("nul\0bell\a\ufffe")]
    [InlineData("lone \ud800 surrogate")]
    public async Task Any_text_gives_well_formed_xml(string text)
    {
        DefaultHttpContext context = NewContext("GET");

        await S3ErrorWriter.WriteAsync(context, new S3Error(S3ErrorCode.InvalidArgument, text) { Details = [new("ArgumentValue", text)] }, text);

        var expected = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            expected.Append(rune.Value is 0 or 7 or 0xfffe ? "\ufffd" : rune.ToString());
        }

        Assert.Equal(expected.ToString(), Body(context).Element("Message")!.Value);
        Assert.Equal(expected.ToString(), Body(context).Element("ArgumentValue")!.Value);
    }

    [Fact]
    public async Task Method_not_allowed_tells_what_is()
    {
        DefaultHttpContext context = NewContext("GET");

        await S3ErrorWriter.WriteAsync(context, new S3Error(S3ErrorCode.MethodNotAllowed, "no"), "/");

        Assert.Equal("GET, HEAD, PUT, POST, DELETE", context.Response.Headers.Allow.ToString());
    }

    private static DefaultHttpContext NewContext(string method)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Response.Body = new MemoryStream();
        return context;
    }

    private static XElement Body(HttpContext context) => XElement.Parse(Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray()));
}
