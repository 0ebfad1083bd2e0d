using System.Net;
using System.Text.Json;
using S3Proxy.Testing.Integrity;

namespace S3Proxy.FunctionalTests.Running;

/// <summary>Keys come and go while clients read (requirements O1, A5).</summary>
public sealed class KeyRotationTests
{
    private const int Rotations = 8;
    private const int Readers = 6;
    private const int ObjectBytes = 300_000;

    [Fact]
    public async Task Under_load_no_valid_key_is_ever_refused_and_a_removed_one_is_from_the_next_request_on()
    {
        await using FileProxy proxy = await FileProxy.StartAsync(FileConfigurations.WithKeys("STAYS", "K0"));
        SyntheticContent content = proxy.Origin.PutSynthetic(TestProxy.Bucket, "o", ObjectBytes, 1);
        using CancellationTokenSource stop = new();
        Task<int>[] load = [.. Enumerable.Range(0, Readers).Select(_ => ReadUntilAsync(proxy, "STAYS", content, stop.Token))];
        for (int i = 0; i < Rotations; i++)
        {
            string former = $"K{i}";
            string next = $"K{i + 1}";
            using SignedClient signed = proxy.NewSigned(former, FileConfigurations.SecretOf(former));
            Uri presigned = PresignedUrl.Create(proxy.Data, "o", TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(1), former, FileConfigurations.SecretOf(former));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(proxy, presigned));
            Assert.Equal(ObjectBytes, (await signed.ReadAsync("o")).Length);

            // As it is done: the new key first, then the old one goes.
            Assert.Equal(200, (await proxy.ReloadAsync(FileConfigurations.WithKeys("STAYS", former, next))).Status);
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(proxy, presigned));
            (int status, JsonElement report) = await proxy.ReloadAsync(FileConfigurations.WithKeys("STAYS", next));
            Assert.Equal(200, status);
            JsonElement change = Assert.Single(report.GetProperty("changes").EnumerateArray());
            Assert.Equal(($"auth.keys[{former}]", "removed"), (change.GetProperty("path").GetString(), change.GetProperty("change").GetString()));

            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(proxy, presigned));
            using HttpResponseMessage refused = await signed.GetAsync("o");
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("InvalidAccessKeyId", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await stop.CancelAsync();
        int[] read = await Task.WhenAll(load);
        Assert.All(read, count => Assert.True(count > 0));
    }

    [Fact]
    public async Task A_secret_that_is_replaced_in_its_file_is_noticed_and_the_old_one_refused()
    {
        string yaml = FileConfigurations.WithKeys("A").Replace("secretAccessKey: A-secret", "secretAccessKeyFile: a.secret", StringComparison.Ordinal)
            .Replace("interval: 0s", "interval: 20ms", StringComparison.Ordinal);
        await using FileProxy proxy = await FileProxy.StartAsync(yaml, directory => File.WriteAllText(Path.Combine(directory.FullName, "a.secret"), "A-secret\n"));
        proxy.Origin.PutSynthetic(TestProxy.Bucket, "o", ObjectBytes, 1);
        using SignedClient before = proxy.NewSigned("A", "A-secret");
        using SignedClient after = proxy.NewSigned("A", "B-secret");
        Assert.Equal(ObjectBytes, (await before.ReadAsync("o")).Length);

        await File.WriteAllTextAsync(Path.Combine(proxy.Directory.FullName, "a.secret"), "B-secret");

        await FileProxy.UntilAsync(async () =>
        {
            using HttpResponseMessage response = await after.GetAsync("o");
            return response.IsSuccessStatusCode;
        });
        using HttpResponseMessage refused = await before.GetAsync("o");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static async Task<int> ReadUntilAsync(FileProxy proxy, string key, SyntheticContent content, CancellationToken stop)
    {
        using SignedClient signed = proxy.NewSigned(key, FileConfigurations.SecretOf(key));
        int count = 0;
        while (!stop.IsCancellationRequested)
        {
            using HttpResponseMessage response = await signed.GetAsync("o");
            await Reads.RestAsync(response, content);
            count++;
        }

        return count;
    }

    private static async Task<HttpStatusCode> StatusAsync(FileProxy proxy, Uri url)
    {
        using HttpResponseMessage response = await proxy.Client.GetAsync(url);
        return response.StatusCode;
    }
}
