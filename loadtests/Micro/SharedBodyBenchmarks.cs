using BenchmarkDotNet.Attributes;
using S3Proxy.Coalescing;

namespace S3Proxy.Micro;

/// <summary>A body of 1 MiB that is published in parts of 16 KiB and read by a number of readers part by part, on one thread: the bookkeeping without the copies.</summary>
[MemoryDiagnoser]
public class SharedBodyBenchmarks
{
    private const int BodyBytes = 1 << 20;
    private const int PartBytes = 16 * 1024;

    private readonly ReusedSegmentPool _pool = new();
    private SharedBodyCursor[] _cursors = [];

    [Params(1, 16)]
    public int Readers { get; set; }

    [GlobalSetup]
    public void Setup() => _cursors = [.. Enumerable.Range(0, Readers).Select(_ => new SharedBodyCursor())];

    [Benchmark]
    public long PublishAndRead()
    {
        SharedBody body = new(BodyBytes);
        foreach (SharedBodyCursor cursor in _cursors)
        {
            cursor.TryMoveTo(body, 0);
        }

        long read = 0;
        while (body.Watermark < BodyBytes)
        {
            int room = body.GetWriteMemory(_pool).Length;
            body.Publish(Math.Min(room, PartBytes));
            foreach (SharedBodyCursor cursor in _cursors)
            {
                ReadOnlyMemory<byte> bytes = cursor.Peek();
                cursor.Advance(bytes.Length);
                read += bytes.Length;
            }
        }

        body.End(complete: true);
        foreach (SharedBodyCursor cursor in _cursors)
        {
            cursor.Dispose();
        }

        body.Release();
        return read;
    }
}
