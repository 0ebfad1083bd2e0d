using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Caching.Redis;
using S3Proxy.Configuration;
using S3Proxy.Telemetry;
using S3Proxy.Testing.Redis;
using Xunit.Abstractions;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>Slices in a real server (requirement C3).</summary>
public sealed class RedisSlicesTests(ITestOutputHelper output) : IDisposable
{
    private const int SliceBytes = 128 << 10;
    private static readonly RedisVersion Version = new(TestObjects.Version("k", 3 * SliceBytes), SliceBytes);
    private static readonly RedisKeys Keys = new("s", "c");
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task A_slice_is_read_while_it_is_written_and_goes_with_its_time_or_when_it_is_removed()
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisBench bench = new(server.Address);
        RedisSlices slices = On(bench);
        byte[] slice = new byte[SliceBytes];
        Random.Shared.NextBytes(slice);
        RedisSliceReader reader = slices.Read(Version, 1);
        Assert.True((await reader.ReadAsync(CancellationToken.None)).IsEmpty);

        await slices.AppendAsync(Version, 1, SliceFrames.Make(Version, 1, 0, slice.AsSpan(0, 1000)), CancellationToken.None);
        Assert.Equal(slice[..1000], (await reader.ReadAsync(CancellationToken.None)).ToArray());
        Assert.True((await reader.ReadAsync(CancellationToken.None)).IsEmpty);
        Assert.False(reader.IsComplete);

        // Another writer knows nothing of the first.
        for (int offset = 0; offset < SliceBytes; offset += SliceFrames.MaxBodyBytes / 2)
        {
            await slices.AppendAsync(Version, 1, SliceFrames.Make(Version, 1, offset, slice.AsSpan(offset, SliceFrames.MaxBodyBytes / 2)), CancellationToken.None);
        }

        Assert.Equal(slice[1000..], await RestAsync(reader));
        Assert.True(reader.IsComplete);
        Assert.Equal(slice, await RestAsync(slices.Read(Version, 1)));
        Assert.InRange((long)(await server.CommandAsync("PTTL", Keys.Slice(Version.Tag, 1)))!, 1, 3_600_000);

        await slices.RemoveAsync(Version, 0, 2, CancellationToken.None);
        Assert.Empty(await RestAsync(slices.Read(Version, 1)));
    }

    [Fact]
    public async Task What_is_no_frame_ends_the_reading()
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisBench bench = new(server.Address);
        RedisSlices slices = On(bench);
        await slices.SetAsync(Version, 0, SliceFrames.Make(Version, 0, 0, new byte[100]), CancellationToken.None);
        await server.CommandAsync("APPEND", Keys.Slice(Version.Tag, 0), new string('x', 100));
        RedisSliceReader reader = slices.Read(Version, 0);

        Assert.Equal(100, (await RestAsync(reader)).Length);
        Assert.True(reader.IsBroken);
        Assert.True((await reader.ReadAsync(CancellationToken.None)).IsEmpty);
    }

    [Fact]
    public async Task A_string_that_only_grows_is_removed()
    {
        if (RedisServer.FindMissing() is { } missing)
        {
            output.WriteLine(missing);
            return;
        }

        await using RedisServer server = await RedisServer.StartAsync();
        await using RedisBench bench = new(server.Address);
        RedisSlices slices = On(bench);
        byte[] frame = SliceFrames.Make(Version, 0, 0, new byte[SliceFrames.MaxBodyBytes]);
        for (int i = 0; i < 10; i++)
        {
            await slices.AppendAsync(Version, 0, frame, CancellationToken.None);
        }

        Assert.InRange((long)(await server.CommandAsync("STRLEN", Keys.Slice(Version.Tag, 0)))!, 0, 5 * SliceBytes);
    }

    private static async Task<byte[]> RestAsync(RedisSliceReader reader)
    {
        List<byte> read = [];
        ReadOnlyMemory<byte> piece;
        while (!(piece = await reader.ReadAsync(CancellationToken.None)).IsEmpty)
        {
            read.AddRange(piece.Span);
        }

        return [.. read];
    }

    private RedisSlices On(RedisBench bench)
    {
        RedisConfiguration configuration = RedisBench.ConfigurationFor("127.0.0.1:1");
        return new RedisSlices(bench.Redis, Keys, configuration, new RedisMetrics(_services.GetRequiredService<IMeterFactory>()));
    }
}
