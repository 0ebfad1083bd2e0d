using System.Text;

namespace S3Proxy.FunctionalTests;

/// <summary>Requirement S2: headers as the origin gave them, also where they hold more than ASCII.</summary>
public sealed class HeaderEncodingTests
{
    [Fact]
    public async Task Metadata_in_utf8_keeps_its_bytes_cold_and_hot()
    {
        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", "x"u8.ToArray(), new Dictionary<string, string> { ["x-amz-meta-name"] = "žluťoučký 日本" });
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false, ResponseHeaderEncodingSelector = static (_, _) => Encoding.UTF8 }) { BaseAddress = proxy.Data };

        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage response = await client.GetAsync($"/{TestProxy.Bucket}/a");
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
            Assert.Equal("žluťoučký 日本", Assert.Single(response.Headers.GetValues("x-amz-meta-name")));
        }
    }
}
