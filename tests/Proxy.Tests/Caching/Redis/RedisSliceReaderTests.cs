using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using S3Proxy.Caching.Redis;
using S3Proxy.Telemetry;

namespace S3Proxy.Tests.Caching.Redis;

/// <summary>How a slice is asked for, piece after piece (requirement C3).</summary>
public sealed class RedisSliceReaderTests : IDisposable
{
    private const int PieceBytes = SliceFrames.HeaderBytes + SliceFrames.MaxBodyBytes;
    private const int SliceBytes = 4 * SliceFrames.MaxBodyBytes;
    private static readonly RedisVersion Version = new(TestObjects.Version("k", SliceBytes), SliceBytes);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly GatedRedis _redis = new();
    private readonly byte[] _body = new byte[SliceBytes];

    public RedisSliceReaderTests() => Random.Shared.NextBytes(_body);

    public void Dispose()
    {
        _services.Dispose();
        _redis.Dispose();
    }

    [Fact]
    public async Task The_next_piece_is_on_its_way_while_one_is_used_and_none_is_asked_for_behind_the_end()
    {
        _redis.Strings["slice"] = Frames(SliceFrames.MaxBodyBytes);
        RedisSliceReader reader = Reader();

        Assert.Equal(_body[..SliceFrames.MaxBodyBytes], (await reader.ReadAsync(CancellationToken.None)).ToArray());
        Assert.Equal([0, PieceBytes], _redis.ReadFrom);

        Assert.Equal(_body[SliceFrames.MaxBodyBytes..], await RestAsync(reader));
        Assert.Equal([0, PieceBytes, 2 * PieceBytes, 3 * PieceBytes], _redis.ReadFrom);
    }

    [Fact]
    public async Task A_slice_that_is_still_written_in_small_parts_is_read_to_where_it_is()
    {
        byte[] frames = Frames(10_000);
        int half = frames.Length / 2;
        _redis.Strings["slice"] = frames[..half];
        RedisSliceReader reader = Reader();
        byte[] first = await RestAsync(reader);
        Assert.False(reader.IsComplete);

        _redis.Strings["slice"] = frames;

        byte[] whole = [.. first, .. await RestAsync(reader)];
        Assert.Equal(_body, whole);
        Assert.True(reader.IsComplete);
    }

    private static async Task<byte[]> RestAsync(RedisSliceReader reader)
    {
        List<byte> rest = [];
        while (await reader.ReadAsync(CancellationToken.None) is { IsEmpty: false } bytes)
        {
            rest.AddRange(bytes.Span);
        }

        return [.. rest];
    }

    private byte[] Frames(int partBytes)
    {
        List<byte> frames = [];
        for (int offset = 0; offset < SliceBytes; offset += partBytes)
        {
            frames.AddRange(SliceFrames.Make(Version, 0, offset, _body.AsSpan(offset, Math.Min(partBytes, SliceBytes - offset))));
        }

        return [.. frames];
    }

    private RedisSliceReader Reader() => new(_redis, "slice", Version, 0, new RedisMetrics(_services.GetRequiredService<IMeterFactory>()));
}
