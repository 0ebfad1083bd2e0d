using FsCheck;
using FsCheck.Fluent;
using S3Proxy.Protocol;

namespace S3Proxy.Tests.Protocol;

public class ByteRangeSpecTests
{
    [Theory]
    [InlineData("bytes=0-9", 100, 0, 9)]
    [InlineData("bytes=0-0", 1, 0, 0)]
    [InlineData("bytes=5-", 100, 5, 99)]
    [InlineData("bytes=90-200", 100, 90, 99)]
    [InlineData("bytes=-10", 100, 90, 99)]
    [InlineData("bytes=-1000", 100, 0, 99)]
    [InlineData("BYTES= 1-2 ", 100, 1, 2)]
    [InlineData("bytes=0-99999999999999999999999", 100, 0, 99)]
    [InlineData("bytes=-99999999999999999999999", 100, 0, 99)]
    [InlineData("bytes=9223372036854775806-", long.MaxValue, long.MaxValue - 1, long.MaxValue - 1)]
    [InlineData("bytes=0-9223372036854775807", long.MaxValue, 0, long.MaxValue - 1)]
    public void Resolves_to_the_bytes_meant(string header, long size, long first, long last)
    {
        ByteRangeResolution resolved = ByteRangeSpec.Parse(header)!.Value.Resolve(size);

        Assert.True(resolved.IsSatisfiable);
        Assert.Equal((first, last, last - first + 1), (resolved.FirstByte, resolved.LastByte, resolved.LengthBytes));
    }

    [Theory]
    [InlineData("bytes=100-", 100)]
    [InlineData("bytes=100-200", 100)]
    [InlineData("bytes=-0", 100)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=-5", 0)]
    [InlineData("bytes=99999999999999999999-", long.MaxValue)]
    public void Unsatisfiable(string header, long size)
    {
        ByteRangeResolution resolved = ByteRangeSpec.Parse(header)!.Value.Resolve(size);

        Assert.False(resolved.IsSatisfiable);
        Assert.Equal(0, resolved.LengthBytes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=5-3")]
    [InlineData("bytes=1-2,3-4")]
    [InlineData("bytes=1-2,")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1--2")]
    [InlineData("bytes=--2")]
    [InlineData("bytes=1 - 2")]
    [InlineData("bytes=0x1-2")]
    [InlineData("bytes=١-٢")]
    [InlineData("items=1-2")]
    [InlineData("1-2")]
    public void Broken_or_multiple_ranges_are_ignored(string? header) => Assert.Null(ByteRangeSpec.Parse(header));

    [Fact]
    public void Any_resolution_lies_within_the_object() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(long, long, int)>(), input =>
        {
            (long a, long b, int kind) = input;
            long size = Math.Abs(b % 1000);
            string header = (kind & 3) switch { 0 => $"bytes={a}-{b}", 1 => $"bytes={a}-", 2 => $"bytes=-{a}", _ => $"bytes={Math.Abs(a % 2000)}-{b}" };
            ByteRangeResolution? resolved = ByteRangeSpec.Parse(header)?.Resolve(size);
            return resolved is not { IsSatisfiable: true } r || (r.FirstByte >= 0 && r.LastByte < size && r.FirstByte <= r.LastByte);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("bytes=1-2")]
    [InlineData("bytes=1-")]
    [InlineData("bytes=-2")]
    public void Text_form_parses_to_the_same(string header) => Assert.Equal(header, ByteRangeSpec.Parse(header).ToString());
}
