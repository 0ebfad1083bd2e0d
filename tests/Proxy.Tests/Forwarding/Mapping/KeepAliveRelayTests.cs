using System.Text;
using S3Proxy.Forwarding.Mapping;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Forwarding.Mapping;

public class KeepAliveRelayTests
{
    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private const string Result = "<CompleteMultipartUploadResult><Bucket>prod-models</Bucket><Key>zq7tenant/k</Key></CompleteMultipartUploadResult>";
    private const string Error = "<Error><Code>InternalError</Code><Resource>/prod-models/zq7tenant/k</Resource></Error>";

    [Theory]
    [InlineData(Result, "<Bucket>models</Bucket><Key>k</Key>", false)]
    [InlineData(Error, "<Resource>/models/k</Resource>", true)]
    public async Task White_space_while_the_origin_works_reaches_the_client_before_the_document(string document, string expected, bool isError)
    {
        foreach (string[] reads in new string[][]
        {
            [Declaration, " ", "\n ", document],
            [" ", " ", Declaration + document],
            [Declaration[..10], Declaration[10..] + " ", " " + document],
        })
        {
            using var client = new MemoryStream();
            using XmlMappingResult result = await MapAsync(reads, client);

            Assert.True(result.KeepAliveSent);
            Assert.Equal(isError, result.IsError);
            string sent = Encoding.UTF8.GetString(client.ToArray());
            Assert.StartsWith(Declaration + " ", sent, StringComparison.Ordinal);
            Assert.Equal("", sent[Declaration.Length..].Trim());

            string whole = sent + result.Text();
            Assert.Contains(expected, System.Xml.Linq.XDocument.Parse(whole).ToString(System.Xml.Linq.SaveOptions.DisableFormatting), StringComparison.Ordinal);
            Assert.DoesNotContain("zq7tenant", whole, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_line_end_after_a_declaration_commits_to_nothing()
    {
        using var client = new MemoryStream();
        using XmlMappingResult result = await MapAsync([Declaration, Result], client);
        Assert.False(result.KeepAliveSent);
        Assert.Equal(0, client.Length);
        Assert.StartsWith(Declaration + "<Complete", result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_client_stream_leading_white_space_is_skipped()
    {
        using XmlMappingResult result = await MapAsync(["  ", "\n", Declaration + Result], null);
        Assert.False(result.KeepAliveSent);
        Assert.StartsWith(Declaration + "<Complete", result.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_after_keep_alive_says_that_bytes_were_sent()
    {
        using var client = new MemoryStream();
        using XmlMappingResult result = await MapAsync([" ", "<Complete"], client);
        Assert.Equal(XmlMappingFailure.Malformed, result.Failure);
        Assert.True(result.KeepAliveSent);
    }

    [Fact]
    public async Task Keep_alive_is_not_bounded_by_the_size_of_a_document()
    {
        string[] reads = [.. Enumerable.Repeat(new string(' ', 16 * 1024), 1000), Result];
        using XmlMappingResult result = await MapAsync(reads, null);
        Assert.Equal(XmlMappingFailure.None, result.Failure);
    }

    private static async Task<XmlMappingResult> MapAsync(string[] reads, Stream? client)
    {
        using var origin = new StepStream(reads);
        return await XmlDocuments.MapAsync(
            origin, MappedRoutes.Mapped, MappedRoutes.Request(S3Operation.CompleteMultipartUpload, "k", "uploadId=u"), client);
    }

    /// <summary>Gives one text a read, as a slow server does.</summary>
    private sealed class StepStream(string[] reads) : MemoryStream
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_next == reads.Length)
            {
                return ValueTask.FromResult(0);
            }

            return ValueTask.FromResult(Encoding.UTF8.GetBytes(reads[_next++], buffer.Span));
        }
    }
}
