using System.Text;
using S3Proxy.Forwarding.Bodies;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Bodies;

public class MultipartResultStatusTests
{
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

    [Theory]
    [InlineData(Declaration + "<CompleteMultipartUploadResult xmlns=\"u\"><Key>Error</Key>", (int)ResultVerdict.Succeeded)]
    [InlineData("   \r\n\t" + Declaration + "<CopyObjectResult>", (int)ResultVerdict.Succeeded)]
    [InlineData("\ufeff<CopyPartResult/>", (int)ResultVerdict.Succeeded)]
    [InlineData("<DeleteResult><Error>", (int)ResultVerdict.Succeeded)]
    [InlineData(Declaration + "      \n\n  <Error><Code>", (int)ResultVerdict.Failed)]
    [InlineData("<!-- <CopyObjectResult> ---><?pi <x> ??><Error>", (int)ResultVerdict.Failed)]
    [InlineData("<s3:Error xmlns:s3=\"u\">", (int)ResultVerdict.Failed)]
    [InlineData("<Errors>", (int)ResultVerdict.Unknown)]
    [InlineData("<html>", (int)ResultVerdict.Unknown)]
    [InlineData("<!DOCTYPE html><Error>", (int)ResultVerdict.Unknown)]
    [InlineData("Error", (int)ResultVerdict.Unknown)]
    [InlineData("", (int)ResultVerdict.Unknown)]
    [InlineData("    ", (int)ResultVerdict.Unknown)]
    [InlineData("<CompleteMultipartUploadResult", (int)ResultVerdict.Unknown)]
    public void The_root_element_decides_however_the_bytes_are_cut(string body, int expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        for (int cut = 1; cut <= Math.Max(1, bytes.Length); cut++)
        {
            var status = new MultipartResultStatus();
            foreach (byte[] piece in bytes.Chunk(cut))
            {
                status.Append(piece);
            }

            Assert.Equal((ResultVerdict)expected, status.Complete());
        }
    }

    [Fact]
    public void White_space_leaves_it_open_and_the_first_verdict_stays()
    {
        var status = new MultipartResultStatus();
        Assert.Equal(ResultVerdict.Undecided, status.Append("  \n"u8));
        Assert.Equal(ResultVerdict.Failed, status.Append("<Error>"u8));
        Assert.Equal(ResultVerdict.Failed, status.Append("<CopyObjectResult>"u8));
    }

    [Fact]
    public void Endless_names_are_given_up()
    {
        var status = new MultipartResultStatus();
        Assert.Equal(ResultVerdict.Unknown, status.Append(Encoding.UTF8.GetBytes("<" + new string('E', 200))));
    }

    [Fact]
    public void Applies_to_the_operations_that_answer_before_they_know()
    {
        Assert.Equal(
            [S3Operation.CopyObject, S3Operation.DeleteObjects, S3Operation.UploadPartCopy, S3Operation.CompleteMultipartUpload],
            Enum.GetValues<S3Operation>().Where(MultipartResultStatus.AppliesTo));
    }
}
