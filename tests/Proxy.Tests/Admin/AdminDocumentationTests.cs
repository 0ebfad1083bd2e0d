using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Admin;
using S3Proxy.Configuration;
using S3Proxy.Pipeline;
using S3Proxy.Testing;
using S3Proxy.Tests.Configuration;

namespace S3Proxy.Tests.Admin;

/// <summary>docs/admin.md tells every path that there is, and events can be posted to none but their own.</summary>
public sealed class AdminDocumentationTests
{
    [Fact]
    public async Task Every_path_is_documented()
    {
        string documentation = await File.ReadAllTextAsync(Repository.PathOf("docs/admin.md"));
        Assert.All(await PathsAsync(), path => Assert.Contains($"`{path}`", documentation, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_cannot_take_the_path_of_anything_else() => Assert.All(
        (await PathsAsync()).Where(path => path != EventsConfiguration.DefaultPath),
        path => Assert.Equal("events.path", Assert.Single(Configurations.Load(Configurations.Least + $"\nevents: {{ path: {path} }}\n").Errors).Path));

    /// <summary>As the port itself tells them to who asks for a path that there is not.</summary>
    private static async Task<string[]> PathsAsync()
    {
        await using WebApplication app = ProxyHost.Build(Configurations.Valid(Configurations.Least));
        DefaultHttpContext http = new();
        http.Request.Method = "GET";
        http.Request.Path = "/nowhere";
        using MemoryStream body = new();
        http.Response.Body = body;

        await app.Services.GetRequiredService<AdminRequestHandler>().HandleAsync(http);

        string told = Encoding.UTF8.GetString(body.ToArray());
        string[] paths = [.. told.TrimEnd('\n', '.').Split(' ').Select(word => word.TrimEnd(',')).Where(word => word.StartsWith('/'))];
        Assert.True(paths.Length > 10, told);
        return paths;
    }
}
