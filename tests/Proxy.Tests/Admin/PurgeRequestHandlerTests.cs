using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using S3Proxy.Admin;
using S3Proxy.Caching;
using S3Proxy.Caching.Memory;
using S3Proxy.Coalescing;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Invalidation;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Admin;

/// <summary>Requirement I4.</summary>
public sealed class PurgeRequestHandlerTests : IDisposable
{
    private const long MemoryBytes = 4 << 20;
    private static readonly string Cdn = Configurations.Valid(Configurations.Full).Origins["cdn"].Identity;
    private readonly MemoryTier _memory = new(new PagePool(MemoryBytes), new AdmissionFifoPolicy());
    private readonly FlightTables _tables = new(new CoalescerOptions(), TimeProvider.System);
    private readonly ObjectEpochs _epochs;

    public PurgeRequestHandlerTests() => _epochs = new ObjectEpochs(_memory, TimeProvider.System);

    public void Dispose() => _memory.Dispose();

    [Theory]
    [InlineData("""{"bucket":"models","key":"a/1"}""", "v2/a/1")]
    [InlineData("""{"bucket":"models","prefix":"a/"}""", "v2/a/1 v2/a/2")]
    [InlineData("""{"bucket":"models"}""", "v2/a/1 v2/a/2 v2/b")]
    [InlineData("""{"all":true}""", "v2/a/1 v2/a/2 v2/b v1/a/1")]
    public async Task Names_are_those_of_clients(string body, string purged)
    {
        string[] keys = ["v2/a/1", "v2/a/2", "v2/b", "v1/a/1"];
        ObjectId[] ids = [.. keys.Select(key => new ObjectId(Cdn, "prod-models", key))];
        foreach (ObjectId id in ids)
        {
            Assert.True(_epochs.TryCommit(TestObjects.Metadata("x", 1) with { Version = new ObjectVersion(id, "\"e\"", null, 1) }, _epochs.Current(id)));
        }

        (int status, string answer) = await AskAsync(body);

        Assert.Equal(200, status);
        Assert.Equal(purged.Split(' '), keys.Where((_, i) => _memory.FindMetadata(ids[i]) is null));
        using JsonDocument report = JsonDocument.Parse(answer);
        Assert.Equal(purged.Split(' ').Length, report.RootElement.GetProperty("objects").GetInt32());
        Assert.Equal(0, report.RootElement.GetProperty("replicas").GetProperty("acknowledged").GetArrayLength());
    }

    [Fact]
    public async Task Where_clients_choose_the_host_a_key_goes_under_each()
    {
        ObjectId id = new(Cdn + " files.example.com", "prod-models", "v2/a");
        Assert.True(_epochs.TryCommit(TestObjects.Metadata("x", 1) with { Version = new ObjectVersion(id, "\"e\"", null, 1) }, _epochs.Current(id)));

        Assert.Equal(200, (await AskAsync("""{"bucket":"models","key":"a"}""", mode: AuthMode.Passthrough)).Status);

        Assert.Null(_memory.FindMetadata(id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"all":false}""")]
    [InlineData("""{"all":true,"bucket":"models"}""")]
    [InlineData("""{"key":"a"}""")]
    [InlineData("""{"bucket":7}""")]
    [InlineData("""{"bucket":"models","key":""}""")]
    [InlineData("""{"bucket":"models","prefix":""}""")]
    [InlineData("""{"bucket":"models","key":"a","prefix":"a"}""")]
    [InlineData("""{"bucket":"models","prefx":"a"}""")]
    [InlineData("""{"bucket":"\ud800"}""")]
    public async Task What_is_not_clear_purges_nothing(string body)
    {
        ObjectId id = new(Cdn, "prod-models", "v2/a");
        Assert.True(_epochs.TryCommit(TestObjects.Metadata("x", 1) with { Version = new ObjectVersion(id, "\"e\"", null, 1) }, _epochs.Current(id)));

        (int status, string answer) = await AskAsync(body);

        Assert.Equal(400, status);
        Assert.Contains("Send one of", answer, StringComparison.Ordinal);
        Assert.NotNull(_memory.FindMetadata(id));
    }

    [Fact]
    public async Task Pages_of_other_sites_cannot_purge_and_a_body_has_a_bound()
    {
        Assert.Equal(415, (await AskAsync("""{"all":true}""", "text/plain")).Status);
        Assert.Equal(413, (await AskAsync(new string(' ', 17_000))).Status);
    }

    private async Task<(int Status, string Body)> AskAsync(string body, string contentType = "application/json", AuthMode mode = AuthMode.SigV4)
    {
        DefaultHttpContext http = new();
        http.Request.ContentType = contentType;
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        AdminAnswer answer = await PurgeBench.Handler(_memory, _tables, _epochs, mode).AnswerAsync(http.Request, rest: "", CancellationToken.None);
        return (answer.Status, Encoding.UTF8.GetString(answer.Body.Span));
    }
}
