using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using S3Proxy.FunctionalTests.Running;
using S3Proxy.Testing.Origin;
using S3Proxy.Testing.Programs;

namespace S3Proxy.FunctionalTests.Commands;

/// <summary>The program as a process of its own, as people and init systems start it.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("s3proxy-process-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("serve", "--config")]
    [InlineData("--config")]
    public async Task A_server_starts_by_name_or_by_its_file_alone_and_loads_nothing_that_is_for_people(params string[] arguments)
    {
        if (SupervisedProcess.FindMissing() is not null)
        {
            return;
        }

        string file = Path.Combine(_directory.FullName, "s3proxy.yaml");
        await File.WriteAllTextAsync(file, """
            listen: { endpoint: "http://127.0.0.1:0", admin: "http://127.0.0.1:0" }
            origins: { main: { endpoints: ["http://127.0.0.1:1"] } }
            buckets: { "*": { origin: main } }
            auth: { mode: anonymous }
            drain: { readinessDelay: 0s }
            """);
        TaskCompletionSource<string> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using SupervisedProcess server = await StartAsync([.. arguments, file], listening.SetResult);

        string line = await listening.Task.WaitAsync(Limit, TimeProvider.System);

        Assert.StartsWith("s3proxy listening: data http://127.0.0.1:", line, StringComparison.Ordinal);
        string mapped = await File.ReadAllTextAsync($"/proc/{server.Id}/maps");
        Assert.Contains("YamlDotNet.dll", mapped, StringComparison.Ordinal);
        Assert.DoesNotContain("Spectre.Console.dll", mapped, StringComparison.Ordinal);
        server.Send(ProcessSignal.Terminate);
        using CancellationTokenSource limit = new(Limit);
        Assert.Equal(ExitCodes.Success, await server.WaitForEndAsync(limit.Token));
    }

    [Fact]
    public async Task C8_a_signal_cancels_the_warm_up_at_the_proxy()
    {
        if (SupervisedProcess.FindMissing() is not null)
        {
            return;
        }

        await using TestProxy proxy = await TestProxy.StartAsync();
        proxy.Origin.PutObject(TestProxy.Bucket, "a", new byte[8 << 20]);
        OriginGate gate = new();
        proxy.Origin.Faults.Add(RequestMatch.AnyGet, new FaultEffects { HoldInBody = new BodyHold(gate, 1 << 20) });
        ConcurrentQueue<string> lines = [];
        await using SupervisedProcess command = await StartAsync(["warm", "models", "--json", "--admin", proxy.Admin.ToString()], lines.Enqueue);
        await gate.ArrivedAsync(1);

        command.Send(ProcessSignal.Terminate);

        using CancellationTokenSource limit = new(Limit);
        Assert.Equal(ExitCodes.Interrupted, await command.WaitForEndAsync(limit.Token));
        using JsonDocument job = JsonDocument.Parse(await proxy.Client.GetStringAsync(new Uri(proxy.Admin, "/admin/warm/1")));
        Assert.Equal("cancelled", job.RootElement.GetProperty("state").GetString());
        await FileProxy.UntilAsync(() => Task.FromResult(lines.LastOrDefault() == "}"));
        using JsonDocument told = JsonDocument.Parse(string.Join('\n', lines));
        Assert.Equal("cancelled", told.RootElement.GetProperty("state").GetString());
        await proxy.AssertAllBackAsync();
        gate.Release();
    }

    private Task<SupervisedProcess> StartAsync(string[] arguments, Action<string> onLine)
    {
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        string[] command = [dotnet, Path.Combine(AppContext.BaseDirectory, "S3Proxy.dll"), .. arguments];
        return SupervisedProcess.StartAsync(command, Path.Combine(_directory.FullName, "errors"), new Dictionary<string, string> { ["DOTNET_EnableDiagnostics"] = "0" }, onLine);
    }
}
