using System.IO.Pipelines;
using System.Security.Cryptography;
using S3Proxy.Caching;
using S3Proxy.Configuration;
using S3Proxy.Fetching;
using S3Proxy.Protocol.Checksums;

namespace S3Proxy.Tests.Fetching;

/// <summary>Requirement C6: what a fill brings is checked against the checksum the origin tells.</summary>
public sealed class WholeObjectCheckTests : IDisposable
{
    private const int Slice = FetchBench.SliceBytes;
    private readonly FetchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("crc32c")]
    [InlineData("crc64nvme")]
    [InlineData("crc32")]
    [InlineData("sha256")]
    [InlineData("sha1")]
    public async Task Bytes_that_have_the_origins_checksum_are_cached(string algorithm)
    {
        byte[] content = _bench.Origin.Content = FetchBench.Bytes((3 * Slice) + 5);
        _bench.Origin.MoreHeaders = [Checksum(algorithm, content)];

        Assert.Equal(content, await _bench.ReadAsync(_bench.Read()));
        await _bench.SettleAsync();

        Assert.Equal(4, _bench.Memory.SliceCount);
    }

    [Theory]
    [InlineData("crc32c")]
    [InlineData("crc64nvme")]
    [InlineData("crc32")]
    [InlineData("sha256")]
    [InlineData("sha1")]
    public async Task Bytes_that_do_not_are_never_a_whole_body_and_nothing_of_them_stays(string algorithm)
    {
        byte[] right = FetchBench.Bytes((3 * Slice) + 5);
        byte[] wrong = [.. right];
        wrong[Slice + 9] ^= 1;
        _bench.Origin.Content = wrong;
        _bench.Origin.MoreHeaders = [Checksum(algorithm, right)];

        FetchException error = await Assert.ThrowsAsync<FetchException>(() => _bench.ReadAsync(_bench.Read()));
        await _bench.SettleAsync();

        Assert.Equal(FetchFailure.Corrupt, error.Failure);
        Assert.Equal(0, _bench.Memory.SliceCount);
        Assert.Equal(0, _bench.Memory.ObjectCount);
        _bench.Origin.Content = right;
        Assert.Equal(right, await _bench.ReadAsync(_bench.Read()));
    }

    [Fact]
    public async Task A_transfer_that_was_resumed_is_checked_as_a_whole()
    {
        byte[] right = FetchBench.Bytes(2 * Slice);
        _bench.Origin.Content = [.. right];
        _bench.Origin.Content[^1] ^= 1;
        _bench.Origin.MoreHeaders = [Checksum("crc32c", right)];
        _bench.Origin.BreakAfter = number => number == 1 ? Slice + 77 : null;

        FetchException error = await Assert.ThrowsAsync<FetchException>(() => _bench.ReadAsync(_bench.Read()));

        Assert.Equal(FetchFailure.Corrupt, error.Failure);
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task Who_has_read_bytes_of_a_bad_run_and_gone_on_by_another_does_not_end_cleanly()
    {
        const int Slices = 12;
        byte[] right = FetchBench.Bytes(Slices * Slice);
        byte[] wrong = [.. right];
        wrong[9] ^= 1;
        TaskCompletionSource end = new();
        _bench.Origin.Content = wrong;
        _bench.Origin.MoreHeaders = [Checksum("crc32c", right)];
        _bench.Origin.BeforeByte = offset => offset >= (Slices - 1) * Slice ? end.Task : Task.CompletedTask;
        Pipe client = new(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        Task<long> slow = _bench.CopyAsync(_bench.Read(), client.Writer, CancellationToken.None);
        Task<byte[]> fast = _bench.ReadAsync(_bench.Read());
        await FetchBench.UntilAsync(() => _bench.Memory.SliceCount == Slices - 1, "all slices but the last are here");

        // Evicted before the slow one comes to it: it asks again, and is in a run of its own from then on.
        _bench.Memory.RemoveSlice(new(_bench.Memory.FindMetadata(new("main", "bucket", "key"))!.Version, 1));
        await DrainAsync(client.Reader, Slice);
        await FetchBench.UntilAsync(() => _bench.Origin.Reads.Count == 2 && _bench.Origin.OpenBodies == 1, "slice 1 was fetched again");
        end.SetResult();
        Assert.Equal(FetchFailure.Corrupt, (await Assert.ThrowsAsync<FetchException>(() => fast)).Failure);
        await _bench.SettleAsync();
        _ = DrainAsync(client.Reader, long.MaxValue);

        Assert.Equal(FetchFailure.Corrupt, (await Assert.ThrowsAsync<FetchException>(() => slow)).Failure);
        await client.Writer.CompleteAsync();
        await _bench.SettleAsync();
    }

    [Fact]
    public async Task An_etag_is_held_to_be_an_md5_once_one_was()
    {
        await _bench.ReadAsync(_bench.Read());
        byte[] content = _bench.Origin.Content = FetchBench.Bytes(Slice);
        _bench.Origin.ETag = Md5Tag(FetchBench.Bytes(7));
        await RefreshAsync();
        Assert.Equal(content, await _bench.ReadAsync(_bench.Read()));

        _bench.Origin.ETag = Md5Tag(content);
        await RefreshAsync();
        Assert.Equal(content, await _bench.ReadAsync(_bench.Read()));

        _bench.Origin.Content = FetchBench.Bytes(Slice, seed: 3);
        _bench.Origin.ETag = Md5Tag(FetchBench.Bytes(8));
        await RefreshAsync();
        FetchException error = await Assert.ThrowsAsync<FetchException>(() => _bench.ReadAsync(_bench.Read()));
        Assert.Equal(FetchFailure.Corrupt, error.Failure);
    }

    [Fact]
    public void What_is_not_a_checksum_of_the_bytes_is_not_taken_for_one()
    {
        byte[] content = FetchBench.Bytes(10);
        OriginConfiguration origin = FetchBench.OriginConfiguration with { VerifyETag = ETagVerification.Always };

        Assert.Null(Check(origin, new HeaderField("ETag", "\"v1\"")));
        Assert.Null(Check(origin, new HeaderField("ETag", Md5Tag(content)[..^1] + "-2\"")));
        Assert.Null(Check(origin, new HeaderField("ETag", Md5Tag(content)), new HeaderField("x-amz-server-side-encryption", "aws:kms")));
        Assert.Null(Check(origin, new HeaderField("ETag", Md5Tag(content)), new HeaderField("x-amz-server-side-encryption-customer-algorithm", "AES256")));
        Assert.Null(Check(origin, new HeaderField("ETag", "\"v1\""), new HeaderField("x-amz-checksum-crc32", "3yXbGA==-2")));
        Assert.Null(Check(origin, new HeaderField("ETag", "\"v1\""), Checksum("crc32", content), new HeaderField("x-amz-checksum-type", "COMPOSITE")));
        Assert.Null(Check(origin with { VerifyETag = ETagVerification.Never }, new HeaderField("ETag", Md5Tag(content))));
        Assert.Equal("ETag", Check(origin, new HeaderField("ETag", Md5Tag(content)), new HeaderField("x-amz-server-side-encryption", "AES256"))!.Source);
    }

    /// <summary>Takes at least <paramref name="bytes"/>, or all there are.</summary>
    private static async Task DrainAsync(PipeReader reader, long bytes)
    {
        while (bytes > 0)
        {
            ReadResult result = await reader.ReadAsync();
            bytes -= result.Buffer.Length;
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private static WholeObjectCheck? Check(OriginConfiguration origin, params HeaderField[] headers) =>
        WholeObjectCheck.For(new OriginAnswer(200, headers, Stream.Null, null), origin, new ETagProofs());

    private static HeaderField Checksum(string algorithm, byte[] content)
    {
        using RunningChecksum checksum = RunningChecksum.Create(algorithm)!;
        checksum.Append(content);
        return new HeaderField("x-amz-checksum-" + algorithm, Convert.ToBase64String(checksum.Finish()));
    }

#pragma warning disable CA5351 // S3 defines the ETag by MD5.
    private static string Md5Tag(byte[] content) => $"\"{Convert.ToHexStringLower(MD5.HashData(content))}\"";
#pragma warning restore CA5351

    /// <summary>The next read asks the origin.</summary>
    private Task RefreshAsync()
    {
        _bench.Time.Advance(TimeSpan.FromSeconds(61));
        return _bench.SettleAsync();
    }
}
