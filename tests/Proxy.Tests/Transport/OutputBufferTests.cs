using S3Proxy.Transport;

namespace S3Proxy.Tests.Transport;

public sealed class OutputBufferTests
{
    private readonly OutputBuffer _buffer = new();

    [Fact]
    public void What_is_written_in_pieces_comes_out_in_order_whatever_the_pieces()
    {
        Random random = new(1);
        byte[] written = new byte[1_000_000];
        random.NextBytes(written);
        List<byte> read = [];
        int at = 0;
        while (read.Count < written.Length)
        {
            int size = Math.Min(random.Next(0, 50_000), written.Length - at);
            Memory<byte> memory = _buffer.GetMemory(random.Next(2) == 0 ? 0 : size);
            size = Math.Min(size, memory.Length);
            written.AsMemory(at, size).CopyTo(memory);
            _buffer.Advance(size);
            at += size;
            while (_buffer.Length > 0 && (at == written.Length || random.Next(3) > 0))
            {
                ReadOnlyMemory<byte> oldest = _buffer.Peek();
                Assert.False(oldest.IsEmpty);
                int take = random.Next(1, oldest.Length + 1);
                read.AddRange(oldest[..take].Span);
                _buffer.Consume(take);
            }

            Assert.Equal(at - read.Count, _buffer.Length);
        }

        Assert.True(written.AsSpan().SequenceEqual(read.ToArray()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(100_000)]
    public void Memory_is_as_large_as_asked_for(int sizeHint)
    {
        Assert.InRange(_buffer.GetMemory(sizeHint).Length, Math.Max(1, sizeHint), int.MaxValue);
        _buffer.Advance(1);
        Assert.InRange(_buffer.GetMemory(sizeHint).Length, Math.Max(1, sizeHint), int.MaxValue);
    }

    [Fact]
    public void More_than_was_lent_cannot_be_written()
    {
        int lent = _buffer.GetMemory(10).Length;
        Assert.Throws<ArgumentOutOfRangeException>(() => _buffer.Advance(lent + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _buffer.Advance(-1));
        _buffer.Advance(lent);
        Assert.Throws<ArgumentOutOfRangeException>(() => _buffer.Advance(1));
    }

    [Fact]
    public void Cleared_it_is_as_new()
    {
        _buffer.GetMemory(5000);
        _buffer.Advance(5000);
        _buffer.GetMemory(100_000);
        _buffer.Advance(100_000);
        _buffer.Clear();
        Assert.Equal(0, _buffer.Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => _buffer.Advance(1));
        _buffer.GetMemory(1).Span[0] = 42;
        _buffer.Advance(1);
        Assert.Equal(42, _buffer.Peek().Span[0]);
    }
}
