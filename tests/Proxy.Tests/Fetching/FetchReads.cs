using System.IO.Pipelines;
using S3Proxy.Caching;
using S3Proxy.Fetching;
using S3Proxy.Protocol;
using S3Proxy.Responding;

namespace S3Proxy.Tests.Fetching;

/// <summary>Reads through the caching core as a response does, into memory or a writer.</summary>
internal static class FetchReads
{
    public static async Task<byte[]> ReadAsync(this FetchBench bench, ReadContext read, CancellationToken aborted = default)
    {
        using MemoryStream all = new();
        await bench.CopyAsync(read, PipeWriter.Create(all), aborted);
        return all.ToArray();
    }

    public static async Task<long> CopyAsync(this FetchBench bench, ReadContext read, PipeWriter writer, CancellationToken aborted)
    {
        using ObtainedMetadata obtained = await bench.Finder.FindAsync(read, aborted);
        ObjectMetadata metadata = obtained.Metadata!;
        long first = 0;
        long last = metadata.SizeBytes - 1;
        if (read.Range is { } range)
        {
            ByteRangeResolution resolved = range.Resolve(metadata.SizeBytes);
            (first, last) = (resolved.FirstByte, resolved.LastByte);
        }

        bool isOpenEnded = read.Range?.LastByte is null;
        using SequentialRead sequence = isOpenEnded ? default : bench.Services.Sequences.Begin(read.Client, metadata.Version, first, last);
        using SliceWalker walker = new(bench.Services, bench.Tables, read.Target, metadata.Version, read.Requester, last, isOpenEnded) { ReadAhead = sequence };
        if (obtained.Run is { } run)
        {
            walker.Follow(run, first);
        }

        await walker.OpenAsync(first, aborted);
        obtained.Dispose();
        walker.StartReadAhead();
        return await walker.CopyAsync(writer, direct: null, first, last, aborted);
    }
}
