using System.Globalization;
using S3Proxy.Caching;
using S3Proxy.Fetching;

namespace S3Proxy.Tests.Fetching;

/// <summary>
/// An origin of one object without a network: every request is recorded and can be held before its headers or at a byte of its body, cut, or answered with
/// something else.
/// </summary>
internal sealed class ScriptedOrigin : IOriginReader
{
    private readonly List<OriginRead> _reads = [];
    private int _broken;

    public byte[] Content { get; set; } = [];

    public string ETag { get; set; } = "\"v1\"";

    /// <summary>Headers that every answer with the object has besides the usual ones.</summary>
    public IReadOnlyList<HeaderField> MoreHeaders { get; set; } = [];

    /// <summary>Awaited before a request is sent, as one that waits for a slot.</summary>
    public Task Turn { get; set; } = Task.CompletedTask;

    /// <summary>The same, for requests of the class that nobody waits for.</summary>
    public Task ReadAheadTurn { get; set; } = Task.CompletedTask;

    /// <summary>Awaited before the headers of each request; gets its number, from 1.</summary>
    public Func<int, Task> BeforeHeaders { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Awaited before bytes behind this object offset are given.</summary>
    public Func<long, Task> BeforeByte { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Bytes a body gives before it breaks; null for all of it. Gets the number of the request.</summary>
    public Func<int, long?> BreakAfter { get; set; } = static _ => null;

    /// <summary>Takes the place of the answer; null for the ordinary one.</summary>
    public Func<int, OriginRead, OriginAnswer?> Instead { get; set; } = static (_, _) => null;

    /// <summary>Bytes given by all bodies together.</summary>
    public long BytesGiven => Interlocked.Read(ref _bytesGiven);

    public int Broken => Volatile.Read(ref _broken);

    public int OpenBodies => Volatile.Read(ref _openBodies);

    private int _openBodies;
    private long _bytesGiven;

    public IReadOnlyList<OriginRead> Reads
    {
        get
        {
            lock (_reads)
            {
                return [.. _reads];
            }
        }
    }

    public async Task<OriginAnswer> SendAsync(OriginRead read, CancellationToken cancellationToken)
    {
        await (read.Requester.Class == FetchClass.ReadAhead ? ReadAheadTurn : Turn).WaitAsync(cancellationToken);
        read = read.AsSent();
        int number;
        lock (_reads)
        {
            _reads.Add(read);
            number = _reads.Count;
        }

        await BeforeHeaders(number).WaitAsync(cancellationToken);
        return Instead(number, read) ?? Answer(number, read);
    }

    public void ReportBroken(OriginAnswer answer) => Interlocked.Increment(ref _broken);

    public static OriginAnswer Plain(int status, string body = "", params (string Name, string Value)[] headers) =>
        new(status, [.. headers.Select(header => new HeaderField(header.Name, header.Value)), new("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture))],
            new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body)), null);

    private OriginAnswer Answer(int number, OriginRead read)
    {
        if (read.IfMatch is { } match && match != ETag)
        {
            return Plain(412);
        }

        if (read.IfNoneMatch is { } none && none == ETag)
        {
            return Plain(304, "", ("ETag", ETag));
        }

        long first = 0;
        long last = Content.Length - 1;
        bool partial = read.Range is not null;
        if (read.Range is { } range)
        {
            string[] parts = range["bytes=".Length..].Split('-');
            first = parts[0].Length == 0 ? Math.Max(0, Content.Length - long.Parse(parts[1], CultureInfo.InvariantCulture)) : long.Parse(parts[0], CultureInfo.InvariantCulture);
            last = parts[0].Length == 0 || parts[1].Length == 0 ? last : Math.Min(last, long.Parse(parts[1], CultureInfo.InvariantCulture));
            if (first > last)
            {
                return Plain(416, "<Error/>");
            }
        }

        List<HeaderField> headers =
        [
            new("ETag", ETag),
            new("Content-Type", "application/x-test"),
            new("Content-Length", (last - first + 1).ToString(CultureInfo.InvariantCulture)),
        ];
        headers.AddRange(MoreHeaders);
        if (partial)
        {
            headers.Add(new("Content-Range", string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{last}/{Content.Length}")));
        }

        Interlocked.Increment(ref _openBodies);
        Stream body = read.Method == HttpMethod.Head ? Stream.Null : new Body(this, Content, first, last + 1, BreakAfter(number));
        return new OriginAnswer(partial ? 206 : 200, [.. headers], body, new Closing(this));
    }

    private sealed class Closing(ScriptedOrigin origin) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref origin._openBodies);
    }

    private sealed class Body(ScriptedOrigin origin, byte[] content, long start, long end, long? breakAfter) : Stream
    {
        private readonly long _limit = breakAfter is { } bytes ? Math.Min(end, start + bytes) : end;
        private readonly long _end = end;
        private long _position = start;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            await origin.BeforeByte(_position).WaitAsync(cancellationToken);
            if (_position >= _limit)
            {
                return _limit < _end ? throw new IOException("cut") : 0;
            }

            int take = (int)Math.Min(Math.Min(buffer.Length, 16 * 1024), _limit - _position);
            content.AsMemory((int)_position, take).CopyTo(buffer);
            _position += take;
            Interlocked.Add(ref origin._bytesGiven, take);
            return take;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
