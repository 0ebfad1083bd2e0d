using System.Buffers;
using System.Text;
using System.Text.Json;
using S3Proxy.Configuration;
using S3Proxy.Telemetry.AccessLogs;

namespace S3Proxy.Tests.Telemetry.AccessLogs;

/// <summary>Requirement O4: lines are well formed whatever a client sends.</summary>
public sealed class AccessLineTests
{
    [Fact]
    public void A_line_of_JSON_tells_everything()
    {
        using JsonDocument line = JsonDocument.Parse(Line(AccessRecords.Record(), AccessLogFormat.Json));

        Assert.Equal("2026-11-21T09:08:07.654Z", line.RootElement.GetProperty("time").GetString());
        Assert.Equal("GetObject", line.RootElement.GetProperty("operation").GetString());
        Assert.Equal("HIT", line.RootElement.GetProperty("outcome").GetString());
        Assert.Equal("none", line.RootElement.GetProperty("reason").GetString());
        Assert.Equal("memory", line.RootElement.GetProperty("tier").GetString());
        Assert.Equal("none", line.RootElement.GetProperty("role").GetString());
        Assert.Equal(1000, line.RootElement.GetProperty("bytes").GetInt64());
        Assert.Equal(0.0015, line.RootElement.GetProperty("duration_seconds").GetDouble());
        Assert.Equal(0.0005, line.RootElement.GetProperty("first_byte_seconds").GetDouble());
        Assert.Equal("CLIENT1", line.RootElement.GetProperty("client").GetString());
    }

    [Fact]
    public void A_common_line_is_what_web_servers_write() => Assert.Equal(
        "127.0.0.1 - CLIENT1 [21/Nov/2026:09:08:07 +0000] \"GET /models/a/b HTTP/1.1\" 200 1000 \"-\" \"a/b\"\n",
        Line(AccessRecords.Record(), AccessLogFormat.Common));

    [Theory]
    [InlineData("a\nb\r\nc")]
    [InlineData("\" 200 1 \"-\" \"")]
    [InlineData("\u001b[31m\0\u007f\u0085\u2028\u2029")]
    [InlineData("back\\slash \ud800 half \udc00")]
    [InlineData("ключ/画像 😀")]
    public void Whatever_a_client_sends_stays_within_its_line(string text)
    {
        string json = Line(AccessRecords.Record(text), AccessLogFormat.Json);
        string common = Line(AccessRecords.Record(text), AccessLogFormat.Common);

        foreach (string line in (string[])[json, common])
        {
            Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
            Assert.All(line[..^1], c => Assert.InRange(c, ' ', '~'));
        }

        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Equal(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)), document.RootElement.GetProperty("key").GetString());
        Assert.Equal(6, common.Replace("\\\\", "", StringComparison.Ordinal).Replace("\\\"", "", StringComparison.Ordinal).Count(c => c == '"'));
    }

    [Fact]
    public void Random_text_makes_lines_too()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        for (int i = 0; i < 2000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(random.Next(2) == 0 ? 256 : 0x10000)));
            string json = Line(AccessRecords.Record(text), AccessLogFormat.Json);
            Assert.True(json.IndexOf('\n', StringComparison.Ordinal) == json.Length - 1, $"Seed {seed}.");
            using JsonDocument document = JsonDocument.Parse(json);
            Assert.True(Line(AccessRecords.Record(text), AccessLogFormat.Common).Count(c => c is < ' ' or > '~') == 1, $"Seed {seed}.");
        }
    }

    private static string Line(AccessRecord record, AccessLogFormat format)
    {
        ArrayBufferWriter<byte> line = new();
        AccessLine.Write(line, record, format);
        return Encoding.UTF8.GetString(line.WrittenSpan);
    }
}
